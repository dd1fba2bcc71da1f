//! An option in inline code is not torn at its hyphens, however narrow the page is.

use mdbook_markdown::pulldown_cmark::{Event, Tag, TagEnd};
use mdbook_markdown::{MarkdownOptions, new_cmark_parser};

/// The longest word that has room on a phone, in characters.
const LONGEST: usize = 28;

/// The text of a page with its words of inline code that have a hyphen kept whole. Headings stay
/// as they are: the contents repeat them.
pub(crate) fn keep(text: &str) -> String {
    let mut kept = String::new();
    let mut done = 0;
    let mut in_heading = false;
    for (event, range) in new_cmark_parser(text, &MarkdownOptions::default()).into_offset_iter() {
        match event {
            Event::Start(Tag::Heading { .. }) => in_heading = true,
            Event::End(TagEnd::Heading(_)) => in_heading = false,
            Event::Code(code) if !in_heading && code.split(' ').any(is_torn) => {
                let words: Vec<_> = code.split(' ').map(word).collect();
                kept.push_str(&text[done..range.start]);
                kept.push_str(&format!("<code>{}</code>", words.join(" ")));
                done = range.end;
            }
            _ => {}
        }
    }
    kept.push_str(&text[done..]);
    kept
}

/// Whether a browser may end a line within `word`.
fn is_torn(word: &str) -> bool {
    word.trim_end_matches('-').contains('-') && word.chars().count() <= LONGEST
}

fn word(word: &str) -> String {
    let written = literal(word);
    if is_torn(word) { format!("<span class=\"whole\">{written}</span>") } else { written }
}

/// `text` where Markdown would read its signs, and turn two hyphens into a dash.
fn literal(text: &str) -> String {
    let mut written = String::new();
    for sign in text.chars() {
        match sign {
            sign if sign.is_ascii_punctuation() => {
                written.push_str(&format!("&#{};", u32::from(sign)));
            }
            sign => written.push(sign),
        }
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_with_hyphens_stay_whole_and_others_as_they_were() {
        let whole = |word: &str| format!("<span class=\"whole\">{}</span>", literal(word));
        for (written, expected) in [
            ("`a - b` and `x_y` and --z", "`a - b` and `x_y` and --z".to_owned()),
            ("`--quick`.", format!("<code>{}</code>.", whole("--quick"))),
            ("*`kill -9 *a*`*", format!("*<code>kill {} &#42;a&#42;</code>*", whole("-9"))),
            ("# On `-v`\n\n```\n`-x`\n```\n", "# On `-v`\n\n```\n`-x`\n```\n".to_owned()),
            (
                "`a-very-long-word-that-needs-to-be-torn`",
                "`a-very-long-word-that-needs-to-be-torn`".to_owned(),
            ),
        ] {
            assert_eq!(keep(written), expected);
        }
        assert_eq!(literal("--"), "&#45;&#45;");
    }
}
