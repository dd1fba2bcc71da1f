//! Compiles and runs the book's Rust snippets, with every crate that they may
//! use: the dependencies of the package `snippets`.
//!
//! mdBook's own test hands each page to rustdoc, which then finds no crates.
//! We hand rustdoc a library whose modules are images of the pages, the code
//! of each snippet at its place, as documentation; so rustdoc's rules hold
//! (`should_panic`, `no_run`, hidden lines) and its messages have the page's
//! lines. What rustdoc on stable does not do is check the code of a
//! `compile_fail,E0133`; the compiler is asked for that.
//!
//! The paths of the counterparts are held to the same crates, as links of
//! documentation: rustdoc finds a method of a generic type as well as a macro,
//! where a `use` would not.

mod checks;
mod crates;
mod images;

use std::sync::LazyLock;

use mdbook_markdown::pulldown_cmark::{CodeBlockKind, Event, Tag, TagEnd};
use mdbook_markdown::{MarkdownOptions, new_cmark_parser};
use regex::Regex;

pub(crate) use checks::test;

use crate::includes::Expanded;
use crate::page::{Page, line};

/// A block of Rust code on a page.
#[derive(Debug, PartialEq)]
pub(crate) struct Snippet {
    /// The page, from the book's root.
    file: String,
    /// The line of its fence, from 1, and for each line of code the line that
    /// it comes from.
    line: usize,
    lines: Vec<usize>,
    /// What rustdoc understands of the words after the fence, `rust` first.
    attributes: Vec<String>,
    code: String,
}

/// The Rust blocks of `page`, which is `expanded`; those that are to be
/// ignored are.
pub(crate) fn find(page: &Page, expanded: &Expanded) -> Vec<Snippet> {
    let mut found: Vec<Snippet> = Vec::new();
    let mut inside = false;
    let from = |line: usize| expanded.lines.get(line - 1).copied().unwrap_or(line);
    let events = new_cmark_parser(&expanded.text, &MarkdownOptions::default());
    for (event, range) in events.into_offset_iter() {
        match event {
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) => {
                let Some(attributes) = attributes(&info) else { continue };
                inside = true;
                let fence = line(&expanded.text, range.start);
                let lines = expanded.text[range].lines().count().saturating_sub(2);
                found.push(Snippet {
                    file: page.file.clone(),
                    line: from(fence),
                    lines: (1..=lines).map(|line| from(fence + line)).collect(),
                    attributes,
                    code: String::new(),
                });
            }
            Event::Text(text) if inside => {
                if let Some(snippet) = found.last_mut() {
                    snippet.code.push_str(&text);
                }
            }
            Event::End(TagEnd::CodeBlock) => inside = false,
            _ => {}
        }
    }
    found
}

/// The words after a fence, if they ask for a test.
fn attributes(info: &str) -> Option<Vec<String>> {
    let words: Vec<&str> =
        info.split([',', ' ', '\t']).map(str::trim).filter(|word| !word.is_empty()).collect();
    let rust = words.first() == Some(&"rust");
    if !rust || words.iter().any(|word| word.starts_with("ignore") || *word == "text") {
        return None;
    }
    let known = |word: &&&str| {
        matches!(**word, "should_panic" | "no_run" | "compile_fail" | "standalone_crate")
            || word.starts_with("edition20")
            || error_code(word)
    };
    let known = words.iter().filter(known).map(|word| (*word).to_owned());
    Some(["rust".to_owned()].into_iter().chain(known).collect())
}

fn error_code(word: &str) -> bool {
    word.len() == 5
        && word.starts_with('E')
        && word.chars().skip(1).all(|digit| digit.is_ascii_digit())
}

impl Snippet {
    fn has(&self, attribute: &str) -> bool {
        self.attributes.iter().any(|word| word == attribute)
    }

    /// Error codes that it must be refused with.
    fn codes(&self) -> impl Iterator<Item = &str> {
        self.attributes.iter().map(String::as_str).filter(|word| error_code(word))
    }

    fn edition(&self) -> &str {
        let edition = self.attributes.iter().find_map(|word| word.strip_prefix("edition"));
        edition.unwrap_or("2024")
    }

    /// The line of the page on which `line` of the code is, both from 1.
    fn line_of(&self, line: usize) -> usize {
        self.lines.get(line.saturating_sub(1)).copied().unwrap_or(self.line)
    }

    /// Its code as the compiler sees it: hidden lines shown, a `main` around
    /// it if it has none, attributes of the crate first. On each line as much
    /// as before, so that lines keep their numbers.
    fn program(&self) -> String {
        static MAIN: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"(?m)^\s*(async\s+)?fn\s+main\s*\(").expect("an expression")
        });
        let mut attributes = String::new();
        let mut body = String::new();
        for line in self.code.lines() {
            let bare = line.trim_start();
            let line = match bare.strip_prefix("# ") {
                Some(hidden) => hidden,
                None if bare == "#" => "",
                None => {
                    bare.strip_prefix('#').filter(|rest| rest.starts_with("##")).unwrap_or(line)
                }
            };
            if line.trim_start().starts_with("#![") {
                attributes.push_str(line.trim());
                body.push('\n');
            } else {
                body.push_str(line);
                body.push('\n');
            }
        }
        if MAIN.is_match(&body) {
            format!("{attributes}{body}")
        } else {
            format!("{attributes}fn main() {{ {body}\n}}\n")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(super) fn snippet(code: &str) -> Snippet {
        Snippet {
            file: "book/page.md".to_owned(),
            line: 7,
            lines: (8..8 + code.lines().count()).collect(),
            attributes: vec!["rust".to_owned()],
            code: code.to_owned(),
        }
    }

    #[test]
    fn the_words_after_a_fence_decide() {
        let words = |info| attributes(info).map(|words| words.join(" "));
        assert_eq!(words("rust").as_deref(), Some("rust"));
        assert_eq!(words("rust,editable, no_run").as_deref(), Some("rust no_run"));
        assert_eq!(
            words("rust,compile_fail,E0133,edition2021").as_deref(),
            Some("rust compile_fail E0133 edition2021")
        );
        for ignored in ["", "text", "python", "rust,ignore", "rust,ignore-windows", "rust text"] {
            assert_eq!(words(ignored), None, "{ignored}");
        }
    }

    #[test]
    fn a_program_keeps_its_lines() {
        let program = snippet("#![allow(unused)]\n# use std::fs;\nlet a = 1;\n").program();
        assert_eq!(program, "#![allow(unused)]fn main() { \nuse std::fs;\nlet a = 1;\n\n}\n");
        let program = snippet("# fn main() {\n##[test]\n# }\n").program();
        assert!(program.starts_with("fn main() {\n"), "{program}");
    }
}
