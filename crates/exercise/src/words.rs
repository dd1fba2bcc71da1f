//! Text for a terminal of 80 columns.

use textwrap::{Options, WordSeparator, WordSplitter};

/// `text` in lines of at most `width` characters, the later ones indented.
pub fn wrapped(text: &str, width: usize, indent: usize) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let indent = " ".repeat(indent);
    let options = Options::new(width)
        .subsequent_indent(&indent)
        .break_words(false)
        .word_separator(WordSeparator::AsciiSpace)
        .word_splitter(WordSplitter::NoHyphenation);
    textwrap::fill(&words.join(" "), options)
}
