//! Finds our directives in the text of a page.
//!
//! They look like mdBook's own: `{{#name arguments}}`, and `\{{#…}}` escapes
//! one. Unlike mdBook's own, they are text and nothing else in code.

use std::ops::Range;
use std::sync::LazyLock;

use mdbook_markdown::pulldown_cmark::{Event, Tag};
use mdbook_markdown::{MarkdownOptions, new_cmark_parser};
use regex::Regex;

use crate::counterparts::Language;
use crate::page::Page;
use crate::predict::{self, Prediction};
use crate::problem::Problem;
use crate::value::{Expression, Format};

/// What an author asks for.
#[derive(Debug, PartialEq)]
pub(crate) enum Directive<'a> {
    /// `{{#experiment NAME}}`
    Experiment { name: &'a str },
    /// `{{#listing NAME FILE:ANCHOR}}` or `{{#listing NAME FILE}}`, either with
    /// `folded` and the title that it is then folded behind
    Listing { name: &'a str, file: &'a str, anchor: Option<&'a str>, title: Option<String> },
    /// `{{#value NAME PATH}}`, `{{#value NAME PATH / PATH}}`, either with a format
    Value { name: &'a str, expression: Expression<'a>, format: Option<Format> },
    /// `{{#constant FILE NAME}}`, or with a format
    Constant { file: &'a str, name: &'a str, format: Option<Format> },
    /// `{{#fact NAME}}`, or `{{#fact NAME plain}}` within an address
    Fact { name: &'a str, plain: bool },
    /// `{{#facts}}`
    Facts,
    /// `{{#predict id="…"}} … {{/predict}}`, with the values within
    Predict { id: &'a str, prediction: Prediction<'a>, values: Vec<Found<'a>> },
    /// `{{#explore NAME SCENARIO}}`
    Explore { name: &'a str, scenario: &'a str },
    /// `{{#schedules NAME SCENARIO}}`, or with the OUTCOME that is counted
    Schedules { name: &'a str, scenario: &'a str, outcome: Option<&'a str> },
    /// `{{#exercise NAME}}`
    Exercise { name: &'a str },
    /// `{{#progress}}`
    Progress,
    /// `{{#claims}}`
    Claims,
    /// `{{#experiments}}`
    Experiments,
    /// `{{#glossary}}`
    Glossary,
    /// `{{#tracks}}`, or `{{#tracks how}}` for the way in which minutes are counted
    Tracks { how: bool },
    /// Written by nobody: the word of a page that leads to its entry in the glossary
    Term { name: String, shown: &'a str, defines: bool },
    /// `{{#verdict WORDS by NAME/CLAIM …}}`: what was said is so, or not, because
    /// of these claims
    Verdict { words: &'a str, claims: Vec<(&'a str, &'a str)> },
    /// `{{#counterparts LANGUAGE}}`: the names of one language, and the other's
    Counterparts { language: Language },
}

impl Directive<'_> {
    /// Whether it is a part of a sentence; all others stand alone on a line.
    fn is_inline(&self) -> bool {
        matches!(
            self,
            Directive::Value { .. }
                | Directive::Constant { .. }
                | Directive::Fact { .. }
                | Directive::Schedules { .. }
                | Directive::Tracks { how: true }
                | Directive::Term { .. }
        )
    }
}

/// A directive and where it stands.
#[derive(Debug, PartialEq)]
pub(crate) struct Found<'a> {
    /// Bytes of the page that it replaces.
    pub range: Range<usize>,
    /// Its first line, from 1.
    pub line: usize,
    /// What it says.
    pub directive: Directive<'a>,
}

impl<'a> Found<'a> {
    /// The experiments whose records it needs, each with the line of `page`
    /// that needs it.
    pub fn experiments(&self, page: &Page) -> Vec<(&'a str, usize)> {
        match &self.directive {
            Directive::Experiment { name } | Directive::Value { name, .. } => {
                vec![(name, self.line)]
            }
            Directive::Predict { prediction, values, .. } => {
                let options = prediction.options.iter();
                let options = options.map(|option| (option.experiment, page.line(option.at)));
                options.chain(values.iter().flat_map(|value| value.experiments(page))).collect()
            }
            Directive::Listing { .. }
            | Directive::Constant { .. }
            | Directive::Fact { .. }
            | Directive::Facts
            | Directive::Explore { .. }
            | Directive::Schedules { .. }
            | Directive::Exercise { .. }
            | Directive::Progress
            | Directive::Claims
            | Directive::Experiments
            | Directive::Glossary
            | Directive::Tracks { .. }
            | Directive::Counterparts { .. }
            | Directive::Term { .. } => Vec::new(),
            Directive::Verdict { claims, .. } => {
                claims.iter().map(|&(name, _)| (name, self.line)).collect()
            }
        }
    }

    /// The facts that it states.
    pub fn facts(&self) -> Vec<&'a str> {
        match &self.directive {
            Directive::Fact { name, .. } => vec![name],
            Directive::Predict { values, .. } => values.iter().flat_map(Found::facts).collect(),
            _ => Vec::new(),
        }
    }
}

/// Directives that mdBook itself understands.
const OF_MDBOOK: [&str; 5] = ["include", "rustdoc_include", "playground", "playpen", "title"];
const OURS: &str = "experiment, listing, value, constant, fact, facts, predict, explore, schedules, \
                    exercise, progress, claims, experiments, glossary, tracks, verdict, counterparts";

static DIRECTIVE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?P<escape>\\)?\{\{\s*(?P<kind>[#/])(?P<name>[a-zA-Z0-9_-]+)(?P<rest>[^}]*)\}\}")
        .expect("a regular expression")
});

static ID: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r#"^\s*id="([\w-]+)"\s*$"#).expect("a regular expression"));

/// All directives of `page` in order; what cannot be understood goes to `problems`.
pub(crate) fn find<'a>(page: &Page<'a>, problems: &mut Vec<Problem>) -> Vec<Found<'a>> {
    let code = code(page.text);
    let mut found: Vec<Found<'a>> = Vec::new();
    // Where the open `predict` begins, its ID, and how many were found before it.
    let mut open: Option<(Range<usize>, &'a str, usize)> = None;
    let mut complain = |offset: usize, message: String| {
        problems.push(Problem { file: page.file.clone(), line: page.line(offset), message });
    };

    for captures in DIRECTIVE.captures_iter(page.text) {
        let range = captures.get(0).expect("the whole match").range();
        if captures.name("escape").is_some() || code.iter().any(|code| code.contains(&range.start))
        {
            continue;
        }
        let name = captures.name("name").expect("not optional").as_str();
        let rest = captures.name("rest").expect("not optional").as_str();
        let words: Vec<&str> = rest.split_whitespace().collect();

        let directive = match (&captures["kind"], name) {
            ("#", name) if OF_MDBOOK.contains(&name) => continue,
            ("#", "predict") => {
                match ID.captures(rest).and_then(|id| id.get(1)) {
                    _ if open.is_some() => {
                        complain(range.start, "a `predict` within another".to_owned());
                    }
                    Some(id) => open = Some((range, id.as_str(), found.len())),
                    None => complain(range.start, usage("predict")),
                }
                continue;
            }
            ("/", "predict") => {
                let Some((start, id, before)) = open.take() else {
                    complain(range.start, "`{{/predict}}` closes nothing".to_owned());
                    continue;
                };
                let values = found.split_off(before);
                for block in values.iter().filter(|inner| !inner.directive.is_inline()) {
                    let message = "only values can stand within a `predict`".to_owned();
                    complain(block.range.start, message);
                }
                match predict::parse(page.text, start.end..range.start) {
                    Err((offset, message)) => complain(offset, message),
                    Ok(prediction) => found.push(Found {
                        range: start.start..range.end,
                        line: page.line(start.start),
                        directive: Directive::Predict { id, prediction, values },
                    }),
                }
                continue;
            }
            ("#", name) => match parse(name, &words) {
                Ok(directive) => directive,
                Err(message) => {
                    complain(range.start, message);
                    continue;
                }
            },
            _ => {
                complain(range.start, format!("`{{{{/{name}}}}}` closes nothing"));
                continue;
            }
        };
        if !directive.is_inline() && !stands_alone(page.text, &range) {
            complain(range.start, format!("`{name}` must have a line of its own"));
        }
        found.push(Found { line: page.line(range.start), range, directive });
    }
    if let Some((range, id, _)) = open {
        complain(range.start, format!("`predict {id}` is never closed by `{{{{/predict}}}}`"));
    }
    found
}

fn parse<'a>(name: &str, words: &[&'a str]) -> Result<Directive<'a>, String> {
    match (name, words) {
        ("experiment", [name]) => Ok(Directive::Experiment { name }),
        ("listing", [name, file, rest @ ..]) => {
            let (file, anchor) = match file.split_once(':') {
                Some((file, anchor)) => (file, Some(anchor)),
                None => (*file, None),
            };
            let title = match rest {
                [] => None,
                ["folded", words @ ..] if !words.is_empty() => Some(words.join(" ")),
                _ => return Err(usage("listing")),
            };
            Ok(Directive::Listing { name, file, anchor, title })
        }
        ("value", [name, rest @ ..]) => {
            let (expression, rest) = Expression::parse(rest).ok_or_else(|| usage("value"))?;
            let format = match rest {
                [] => None,
                [word] => Some(Format::parse(word)?),
                _ => return Err(usage("value")),
            };
            Ok(Directive::Value { name, expression, format })
        }
        ("constant", [file, name]) => Ok(Directive::Constant { file, name, format: None }),
        ("constant", [file, name, word]) => {
            Ok(Directive::Constant { file, name, format: Some(Format::parse(word)?) })
        }
        ("fact", [name]) => Ok(Directive::Fact { name, plain: false }),
        ("fact", [name, "plain"]) => Ok(Directive::Fact { name, plain: true }),
        ("facts", []) => Ok(Directive::Facts),
        ("explore", [name, scenario]) => Ok(Directive::Explore { name, scenario }),
        ("schedules", [name, scenario]) => {
            Ok(Directive::Schedules { name, scenario, outcome: None })
        }
        ("schedules", [name, scenario, outcome]) => {
            Ok(Directive::Schedules { name, scenario, outcome: Some(outcome) })
        }
        ("exercise", [name]) => Ok(Directive::Exercise { name }),
        ("progress", []) => Ok(Directive::Progress),
        ("claims", []) => Ok(Directive::Claims),
        ("experiments", []) => Ok(Directive::Experiments),
        ("glossary", []) => Ok(Directive::Glossary),
        ("tracks", []) => Ok(Directive::Tracks { how: false }),
        ("tracks", ["how"]) => Ok(Directive::Tracks { how: true }),
        ("verdict", [words, "by", claims @ ..]) if !claims.is_empty() => {
            let claims = claims.iter().map(|claim| claim.split_once('/'));
            let claims = claims.collect::<Option<_>>().ok_or_else(|| usage("verdict"))?;
            Ok(Directive::Verdict { words, claims })
        }
        ("counterparts", [language]) => {
            let language = Language::parse(language).ok_or_else(|| usage("counterparts"))?;
            Ok(Directive::Counterparts { language })
        }
        (
            "experiment" | "listing" | "value" | "constant" | "fact" | "facts" | "explore"
            | "schedules" | "exercise" | "progress" | "claims" | "experiments" | "glossary"
            | "tracks" | "verdict" | "counterparts",
            _,
        ) => Err(usage(name)),
        _ => Err(format!("there is no directive `{name}`; there are {OURS}")),
    }
}

fn usage(name: &str) -> String {
    let arguments = match name {
        "experiment" | "exercise" => " NAME",
        "listing" => " NAME FILE:ANCHOR [folded TITLE]",
        "value" => " NAME PATH [/ PATH] [FORMAT]",
        "constant" => " FILE NAME [FORMAT]",
        "fact" => " NAME [plain]",
        "explore" => " NAME SCENARIO",
        "schedules" => " NAME SCENARIO [OUTCOME]",
        "predict" => " id=\"…\"",
        "tracks" => " [how]",
        "counterparts" => " python|rust",
        "verdict" => " WORDS by NAME/CLAIM …",
        _ => "",
    };
    format!("`{name}` is written {{{{#{name}{arguments}}}}}")
}

/// Whether nothing else is on the lines of `range`.
fn stands_alone(text: &str, range: &Range<usize>) -> bool {
    let before = text[..range.start].rsplit('\n').next().unwrap_or_default();
    let after = text[range.end..].split('\n').next().unwrap_or_default();
    before.is_empty() && after.trim().is_empty()
}

/// Where `text` has code: fenced, indented or inline.
pub(crate) fn code(text: &str) -> Vec<Range<usize>> {
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
            && OURS.split(", ").any(|known| known == name)
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
                "1: `listing` is written {{#listing NAME FILE:ANCHOR [folded TITLE]}}",
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
