//! Finds our directives in the text of a page.
//!
//! They look like mdBook's own: `{{#name arguments}}`, and `\{{#…}}` escapes
//! one. Unlike mdBook's own, they are text and nothing else in code.

use std::ops::Range;
use std::sync::LazyLock;

use mdbook_markdown::pulldown_cmark::{Event, Tag};
use mdbook_markdown::{MarkdownOptions, new_cmark_parser};
use regex::Regex;

use super::{Directive, Found, OURS, parse, usage};
use crate::page::Page;
use crate::predict;
use crate::problem::Problem;

/// Directives that mdBook itself understands.
const OF_MDBOOK: [&str; 5] = ["include", "rustdoc_include", "playground", "playpen", "title"];
static DIRECTIVE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?P<escape>\\)?\{\{\s*(?P<kind>[#/])(?P<name>[a-zA-Z0-9_-]+)(?P<rest>[^}]*)\}\}")
        .expect("a regular expression")
});

static ID: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r#"^\s*id="([\w-]+)"\s*$"#).expect("a regular expression"));

/// All directives of `page` in order; what cannot be understood goes to `problems`.
pub(crate) fn find<'a>(page: &Page<'a>, problems: &mut Vec<Problem>) -> Vec<Found<'a>> {
    let code = code(page.text);
    let mut finder = Finder { page, problems, found: Vec::new(), open: None };
    for captures in DIRECTIVE.captures_iter(page.text) {
        let range = captures.get(0).expect("the whole match").range();
        if captures.name("escape").is_some() || code.iter().any(|code| code.contains(&range.start))
        {
            continue;
        }
        let name = captures.name("name").expect("not optional").as_str();
        let rest = captures.name("rest").expect("not optional").as_str();
        match (&captures["kind"], name) {
            ("#", name) if OF_MDBOOK.contains(&name) => {}
            ("#", "predict") => finder.open(range, rest),
            ("/", "predict") => finder.close(range),
            ("#", name) => finder.take(range, name, rest),
            _ => finder.complain(range.start, format!("`{{{{/{name}}}}}` closes nothing")),
        }
    }
    finder.end()
}

/// What was found so far.
struct Finder<'p, 'a> {
    page: &'p Page<'a>,
    problems: &'p mut Vec<Problem>,
    found: Vec<Found<'a>>,
    /// Where the open `predict` begins, its ID, and how many were found before it.
    open: Option<(Range<usize>, &'a str, usize)>,
}

impl<'a> Finder<'_, 'a> {
    fn complain(&mut self, offset: usize, message: String) {
        let (file, line) = (self.page.file.clone(), self.page.line(offset));
        self.problems.push(Problem { file, line, message });
    }

    /// A directive that is closed where it ends.
    fn take(&mut self, range: Range<usize>, name: &str, rest: &'a str) {
        let words: Vec<&str> = rest.split_whitespace().collect();
        match parse(name, &words) {
            Ok(directive) => {
                if !directive.is_inline() && !stands_alone(self.page.text, &range) {
                    self.complain(range.start, format!("`{name}` must have a line of its own"));
                }
                self.found.push(Found { line: self.page.line(range.start), range, directive });
            }
            Err(message) => self.complain(range.start, message),
        }
    }

    /// A `predict` begins.
    fn open(&mut self, range: Range<usize>, rest: &'a str) {
        match ID.captures(rest).and_then(|id| id.get(1)) {
            _ if self.open.is_some() => {
                self.complain(range.start, "a `predict` within another".to_owned());
            }
            Some(id) => self.open = Some((range, id.as_str(), self.found.len())),
            None => self.complain(range.start, usage("predict")),
        }
    }

    /// A `predict` ends.
    fn close(&mut self, range: Range<usize>) {
        let Some((start, id, before)) = self.open.take() else {
            return self.complain(range.start, "`{{/predict}}` closes nothing".to_owned());
        };
        let values = self.found.split_off(before);
        for block in values.iter().filter(|inner| !inner.directive.is_inline()) {
            let message = "only values can stand within a `predict`".to_owned();
            self.complain(block.range.start, message);
        }
        match predict::parse(self.page.text, start.end..range.start) {
            Err((offset, message)) => self.complain(offset, message),
            Ok(prediction) => self.found.push(Found {
                range: start.start..range.end,
                line: self.page.line(start.start),
                directive: Directive::Predict { id, prediction, values },
            }),
        }
    }

    fn end(mut self) -> Vec<Found<'a>> {
        if let Some((range, id, _)) = self.open.take() {
            let message = format!("`predict {id}` is never closed by `{{{{/predict}}}}`");
            self.complain(range.start, message);
        }
        self.found
    }
}

/// Whether nothing else is on the lines of `range`.
fn stands_alone(text: &str, range: &Range<usize>) -> bool {
    let before = text[..range.start].rsplit('\n').next().unwrap_or_default();
    let after = text[range.end..].split('\n').next().unwrap_or_default();
    before.is_empty() && after.trim().is_empty()
}

/// Where `text` has code: fenced, indented or inline.
fn code(text: &str) -> Vec<Range<usize>> {
    new_cmark_parser(text, &MarkdownOptions::default())
        .into_offset_iter()
        .filter(|(event, _)| matches!(event, Event::Code(_) | Event::Start(Tag::CodeBlock(_))))
        .map(|(_, range)| range)
        .collect()
}

/// Where `text` has what looks like a directive, whosever it is.
pub(crate) fn everywhere(text: &str) -> Vec<Range<usize>> {
    DIRECTIVE.find_iter(text).map(|found| found.range()).collect()
}

/// The first directive of ours in `text`, were it a page of its own.
pub(crate) fn first_of_ours(text: &str) -> Option<&str> {
    let code = code(text);
    DIRECTIVE.captures_iter(text).find_map(|captures| {
        let whole = captures.get(0)?;
        let name = captures.name("name")?.as_str();
        let ours = captures.name("escape").is_none()
            && OURS.iter().any(|(ours, _)| *ours == name)
            && !code.iter().any(|code| code.contains(&whole.start()));
        ours.then_some(name)
    })
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};

    use super::*;

    fn read(text: &str) -> (Vec<Found<'_>>, Vec<String>) {
        let page = Page {
            name: "",
            file: "book/page.md".to_owned(),
            path: Path::new("page.md"),
            folder: PathBuf::new(),
            text,
        };
        let mut problems = Vec::new();
        let found = find(&page, &mut problems);
        (found, problems.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn directives_in_text_are_found_and_those_in_code_are_not() {
        let text = "Says {{#value a b.c.n}}.\n\n`{{#value a b.c.n}}` and \\{{#value a b.c.n}}\n\n\
                    ```\n{{#claims}}\n```\n\n    {{#claims}}\n\n{{#claims}}\n";
        let (found, problems) = read(text);
        assert_eq!(problems, [""; 0]);
        let lines: Vec<_> = found.iter().map(|found| found.line).collect();
        assert_eq!(lines, [1, 11]);
    }

    #[test]
    fn the_directives_of_mdbook_are_left_to_it() {
        assert_eq!(read("{{#include a.rs}} {{#title T}} {{#playground x.rs}}").0, []);
    }

    #[test]
    fn what_cannot_be_understood_is_named_with_its_line() {
        for (text, problem) in [
            ("\n{{#experimnt x}}", "2: there is no directive `experimnt`"),
            ("{{#experiment}}", "1: `experiment` is written {{#experiment NAME}}"),
            (
                "{{#listing a b.rs:c folded}}",
                "1: `listing` is written {{#listing NAME FILE:ANCHOR [alone] [folded TITLE]}}",
            ),
            ("{{#value a}}", "1: `value` is written {{#value NAME PATH [/ PATH] [FORMAT]}}"),
            ("{{#value a b.c.n euros}}", "1: there is no format `euros`"),
            ("text {{#claims}}", "1: `claims` must have a line of its own"),
            ("\n\n{{#predict id=\"race\"}}\n", "3: `predict race` is never closed"),
            ("{{/predict}}", "1: `{{/predict}}` closes nothing"),
            ("{{/value}}", "1: `{{/value}}` closes nothing"),
            ("{{#predict id=\"a\"}}\nWhat?\n{{/predict}}", "1: a `predict` needs two options"),
        ] {
            let problems = read(text).1;
            assert_eq!(problems.len(), 1, "{text}: {problems:?}");
            assert!(problems[0].starts_with(&format!("book/page.md:{problem}")), "{problems:?}");
        }
    }

    #[test]
    fn a_prediction_holds_its_values() {
        let (found, _) = read(
            "{{#predict id=\"race\"}}\nIs it {{#value a b.c.n}}?\n\
                    - [when a.b.n > 1 in e] a :: b\n- [when a.b.n < 1 in e] c :: d\n{{/predict}}\n",
        );
        let [Found { line: 1, directive: Directive::Predict { id: "race", values, .. }, .. }] =
            &found[..]
        else {
            panic!("{found:?}");
        };
        assert_eq!(values[0].line, 2);
    }
}
