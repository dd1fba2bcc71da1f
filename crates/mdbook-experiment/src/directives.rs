//! Our directives: which there are, and how each is written.

mod find;

use std::ops::Range;

pub(crate) use find::{everywhere, find, first_of_ours};

use crate::counterparts::Language;
use crate::page::Page;
use crate::predict::Prediction;
use crate::value::{Expression, Format};

/// What an author asks for.
#[derive(Debug, PartialEq)]
pub(crate) enum Directive<'a> {
    /// `{{#experiment NAME}}`
    Experiment { name: &'a str },
    /// `{{#listing NAME FILE:ANCHOR}}` or `{{#listing NAME FILE}}`, either with
    /// `alone` if its twin's code is not to stand beside it, and with `folded`
    /// and the title that it is then folded behind
    Listing {
        name: &'a str,
        file: &'a str,
        anchor: Option<&'a str>,
        alone: bool,
        title: Option<String>,
    },
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

/// Ours, each with its arguments.
const OURS: [(&str, &str); 17] = [
    ("experiment", " NAME"),
    ("listing", " NAME FILE:ANCHOR [alone] [folded TITLE]"),
    ("value", " NAME PATH [/ PATH] [FORMAT]"),
    ("constant", " FILE NAME [FORMAT]"),
    ("fact", " NAME [plain]"),
    ("facts", ""),
    ("predict", " id=\"…\""),
    ("explore", " NAME SCENARIO"),
    ("schedules", " NAME SCENARIO [OUTCOME]"),
    ("exercise", " NAME"),
    ("progress", ""),
    ("claims", ""),
    ("experiments", ""),
    ("glossary", ""),
    ("tracks", " [how]"),
    ("verdict", " WORDS by NAME/CLAIM …"),
    ("counterparts", " python|rust"),
];

fn parse<'a>(name: &str, words: &[&'a str]) -> Result<Directive<'a>, String> {
    match (name, words) {
        ("experiment", [name]) => Ok(Directive::Experiment { name }),
        ("listing", [name, file, rest @ ..]) => {
            let (file, anchor) = match file.split_once(':') {
                Some((file, anchor)) => (file, Some(anchor)),
                None => (*file, None),
            };
            let (alone, rest) = match rest {
                ["alone", rest @ ..] => (true, rest),
                _ => (false, rest),
            };
            let title = match rest {
                [] => None,
                ["folded", words @ ..] if !words.is_empty() => Some(words.join(" ")),
                _ => return Err(usage("listing")),
            };
            Ok(Directive::Listing { name, file, anchor, alone, title })
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
        _ => Err(usage(name)),
    }
}

/// How the directive `name` is written, or which there are.
fn usage(name: &str) -> String {
    match OURS.iter().find(|(ours, _)| *ours == name) {
        Some((_, arguments)) => format!("`{name}` is written {{{{#{name}{arguments}}}}}"),
        None => {
            let names = OURS.map(|(name, _)| name).join(", ");
            format!("there is no directive `{name}`; there are {names}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_there_is_is_told_to_authors_and_in_the_crates_own_words() {
        for (file, text) in [
            ("CONTRIBUTING.md", include_str!("../../../CONTRIBUTING.md")),
            ("lib.rs", include_str!("lib.rs")),
        ] {
            for (name, _) in OURS {
                let told = [format!("`{{{{#{name} "), format!("`{{{{#{name}}}}}`")];
                assert!(told.iter().any(|told| text.contains(told)), "{file}: {name}");
            }
        }
    }
}
