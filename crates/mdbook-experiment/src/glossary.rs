//! The terms of the book: each leads from its first use on a page to its entry
//! in the glossary, and from there to where it is explained.
//!
//! They are written in `glossary.toml` beside the page that has
//! `{{#glossary}}`; authors of other pages write nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::path::{Path, PathBuf};

use maud::{Markup, PreEscaped, html};
use mdbook_markdown::pulldown_cmark::{Event, Tag, TagEnd};
use mdbook_markdown::{MarkdownOptions, new_cmark_parser};
use regex::Regex;
use serde::Deserialize;

use crate::data::Data;
use crate::directives::{self, Directive, Found};
use crate::page::Page;
use crate::problem::Problem;
use crate::value::{kebab, prose};

/// The terms, and the page that lists them.
pub(crate) struct Glossary {
    data: Data<BTreeMap<String, Entry>>,
    /// Any word that is a term or an other form of one, with a plural.
    words: Regex,
    /// The term of each form, which is in small letters; none for what means
    /// something else.
    forms: BTreeMap<String, Option<String>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    /// Other forms of it.
    #[serde(default)]
    also: Vec<String>,
    /// The page that explains it, from the manuscript's root.
    page: PathBuf,
    /// Expressions with the word in them that mean something else.
    #[serde(default)]
    unless: Vec<String>,
    /// One sentence or two; code in backticks.
    text: String,
    /// Whether it is an everyday word too, and a term only in italics.
    #[serde(default)]
    marked: bool,
}

/// A term that a page uses.
struct Use<'a> {
    name: &'a str,
    range: Range<usize>,
    /// Whether it is set in italics, as where a term is explained.
    italic: bool,
}

impl Glossary {
    /// The glossary of a book, if one of its `pages` lists it.
    pub fn read(pages: &[(&Page, Vec<Found>)], problems: &mut Vec<Problem>) -> Option<Glossary> {
        let data = Data::beside(pages, &Directive::Glossary, "glossary.toml", problems)?;
        Some(Glossary::new(data, problems))
    }

    fn new(data: Data<BTreeMap<String, Entry>>, problems: &mut Vec<Problem>) -> Glossary {
        let mut glossary = Glossary { data, words: words([]), forms: BTreeMap::new() };
        for (name, entry) in &glossary.data.value {
            for form in &entry.unless {
                glossary.forms.insert(form.to_lowercase(), None);
            }
            for form in [name].into_iter().chain(&entry.also) {
                let other = glossary.forms.insert(form.to_lowercase(), Some(name.clone()));
                if let Some(Some(other)) = other {
                    let message = format!("`{form}` is a form of `{other}` already");
                    problems.push(glossary.problem(name, message));
                }
            }
        }
        glossary.words = words(glossary.forms.keys().map(String::as_str));
        glossary
    }

    /// The page with `{{#glossary}}`, from the manuscript's root.
    pub fn page(&self) -> &Path {
        &self.data.page
    }

    /// A problem with the entry `name`, at its line.
    fn problem(&self, name: &str, message: String) -> Problem {
        self.data.problem(|line| line.trim_matches(['[', ']', '"']) == name, message)
    }

    /// Adds to each of `pages` its terms. An entry must be used on the page that
    /// is said to explain it.
    pub fn link_all<'a>(
        &self,
        pages: &mut [(&Page<'a>, Vec<Found<'a>>)],
        problems: &mut Vec<Problem>,
    ) {
        let mut explained = BTreeSet::new();
        for (page, found) in pages.iter_mut().filter(|(page, _)| page.path != self.data.page) {
            let terms = self.terms(page, found);
            for term in &terms {
                if let Directive::Term { name, defines: true, .. } = &term.directive {
                    explained.insert(name.clone());
                }
            }
            found.extend(terms);
            found.sort_by_key(|found| found.range.start);
        }
        for (name, entry) in &self.data.value {
            if !explained.contains(name) {
                let home = entry.page.display();
                let message = match pages.iter().any(|(page, _)| page.path == entry.page) {
                    true => format!("`{home}` does not use the term `{name}`"),
                    false => format!("the book has no page `{home}`"),
                };
                problems.push(self.problem(name, message));
            }
        }
    }

    /// The first use of each term on `page`, and the one that explains it.
    fn terms<'a>(&self, page: &Page<'a>, directives: &[Found]) -> Vec<Found<'a>> {
        let uses = self.uses(page.text, directives);
        let mut terms = Vec::new();
        for (name, entry) in &self.data.value {
            let of_term: Vec<_> = uses.iter().filter(|one| one.name == name).collect();
            let Some(first) = of_term.first() else { continue };
            let home = (page.path == entry.page)
                .then(|| of_term.iter().find(|one| one.italic).unwrap_or(first).range.clone());
            let mut add = |range: &Range<usize>, defines| {
                terms.push(Found {
                    range: range.clone(),
                    line: page.line(range.start),
                    directive: Directive::Term {
                        name: name.clone(),
                        shown: &page.text[range.clone()],
                        defines,
                    },
                });
            };
            if home.as_ref() != Some(&first.range) {
                add(&first.range, false);
            }
            if let Some(range) = &home {
                add(range, true);
            }
        }
        terms
    }

    /// All uses of terms in `text` where a link can stand: in no heading, link,
    /// code or HTML, and in no directive.
    fn uses(&self, text: &str, directives: &[Found]) -> Vec<Use<'_>> {
        let taken: Vec<_> = directives
            .iter()
            .map(|found| found.range.clone())
            .chain(directives::everywhere(text))
            .collect();
        let mut uses = Vec::new();
        for (span, italic) in spans(text) {
            for found in self.words.find_iter(&text[span.clone()]) {
                let range = span.start + found.start()..span.start + found.end();
                let inside =
                    |taken: &Range<usize>| taken.start < range.end && range.start < taken.end;
                let part = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
                if text[..range.start].ends_with(part)
                    || text[range.end..].starts_with(part)
                    || taken.iter().any(inside)
                    || (italic && range != span)
                {
                    continue;
                }
                let Some(name) = self.term(found.as_str()) else { continue };
                if italic || !self.data.value[name].marked {
                    uses.push(Use { name, range, italic });
                }
            }
        }
        uses
    }

    /// The term that `word` is a form of, perhaps in the plural.
    fn term(&self, word: &str) -> Option<&str> {
        let word = word.to_lowercase().replace('’', "'");
        let word = word.split_whitespace().collect::<Vec<_>>().join(" ");
        let singular = [&word[..], word.strip_suffix('s').unwrap_or(&word)];
        singular.iter().find_map(|form| self.forms.get(*form))?.as_deref()
    }

    /// The word `shown` of a page as a link to its entry; `to` is the way to the
    /// page with the glossary. The word that explains the term can be linked to.
    pub fn link(&self, name: &str, shown: &str, defines: bool, to: &str) -> Markup {
        let hint = self.data.value[name].text.replace('`', "");
        let id = defines.then(|| anchor(name));
        html! {
            a.term id=[id] href={ (to) "#" (kebab(name)) } title=(hint) { (PreEscaped(shown)) }
        }
    }

    /// All entries; `home` gives the way to a page and its title.
    pub fn render<'a>(&self, home: impl Fn(&Path) -> Option<(String, &'a str)>) -> Markup {
        let mut entries: Vec<_> = self.data.value.iter().collect();
        entries.sort_by_key(|(name, _)| name.to_lowercase());
        html! {
            dl.glossary {
                @for (name, entry) in entries {
                    dt id=(kebab(name)) { (name) }
                    dd {
                        (prose(&entry.text))
                        @if let Some((page, title)) = home(&entry.page) {
                            " " a href={ (page) "#" (anchor(name)) } { (title) }
                        }
                    }
                }
            }
        }
    }
}

/// What the word that explains a term can be linked to by.
fn anchor(name: &str) -> String {
    format!("term-{}", kebab(name))
}

/// An expression for any of `forms` with a plural, longer ones first.
fn words<'a>(forms: impl IntoIterator<Item = &'a str>) -> Regex {
    let mut forms: Vec<_> = forms.into_iter().collect();
    forms.sort_by_key(|form| std::cmp::Reverse(form.len()));
    let forms: Vec<_> = forms
        .iter()
        .map(|form| regex::escape(form).replace(' ', r"\s+").replace('\'', "['’]"))
        .collect();
    let all = if forms.is_empty() { "[^\\s\\S]".to_owned() } else { forms.join("|") };
    Regex::new(&format!("(?i)(?:{all})s?")).expect("a regular expression")
}

/// Where `text` is text in which a link can stand, and whether in italics.
fn spans(text: &str) -> Vec<(Range<usize>, bool)> {
    let mut spans: Vec<(Range<usize>, bool)> = Vec::new();
    let (mut closed, mut italic) = (0, 0);
    for (event, range) in new_cmark_parser(text, &MarkdownOptions::default()).into_offset_iter() {
        match event {
            Event::Start(
                Tag::Heading { .. }
                | Tag::Link { .. }
                | Tag::Image { .. }
                | Tag::CodeBlock(_)
                | Tag::HtmlBlock,
            ) => closed += 1,
            Event::End(
                TagEnd::Heading(_)
                | TagEnd::Link
                | TagEnd::Image
                | TagEnd::CodeBlock
                | TagEnd::HtmlBlock,
            ) => closed -= 1,
            Event::Start(Tag::Emphasis) => italic += 1,
            Event::End(TagEnd::Emphasis) => italic -= 1,
            Event::Text(_) | Event::SoftBreak if closed == 0 => match spans.last_mut() {
                // Quotes and apostrophes are events of their own.
                Some((last, was)) if last.end == range.start && *was == (italic > 0) => {
                    last.end = range.end;
                }
                _ => spans.push((range, italic > 0)),
            },
            _ => {}
        }
    }
    spans
}

#[cfg(test)]
mod tests {
    use super::*;

    fn glossary() -> Glossary {
        let text = "[\"lock\"]\nunless = [\"lock gate\"]\npage = \"a.md\"\ntext = \"Shut.\"\n\
                    [\"global lock\"]\nalso = [\"GIL\"]\npage = \"a.md\"\ntext = \"One.\"\n\
                    [guard]\nmarked = true\npage = \"a.md\"\ntext = \"Opens.\"\n\
                    [\"Amdahl's law\"]\npage = \"a.md\"\ntext = \"Less.\"\n";
        let data = Data {
            page: "glossary.md".into(),
            file: "glossary.toml".to_owned(),
            text: text.to_owned(),
            value: toml::from_str(text).unwrap(),
        };
        let mut problems = Vec::new();
        let glossary = Glossary::new(data, &mut problems);
        assert_eq!(problems, []);
        glossary
    }

    fn found(text: &str) -> Vec<(&str, &str)> {
        let glossary = glossary();
        let uses = glossary.uses(text, &[]);
        let names = ["lock", "global lock", "guard", "Amdahl's law"];
        let known = |one: &Use| *names.iter().find(|name| **name == one.name).unwrap();
        uses.iter().map(|one| (known(one), &text[one.range.clone()])).collect()
    }

    #[test]
    fn a_term_is_a_whole_word_in_any_case_or_a_plural() {
        assert_eq!(
            found("Locks lock a padlock, lock-free or un_lock at a lock gate."),
            [("lock", "Locks"), ("lock", "lock")]
        );
        assert_eq!(found("By Amdahl's law."), [("Amdahl's law", "Amdahl's law")]);
    }

    #[test]
    fn the_longest_term_wins_and_may_be_broken_into_lines() {
        assert_eq!(
            found("A global\nlock, or gil."),
            [("global lock", "global\nlock"), ("global lock", "gil")]
        );
    }

    #[test]
    fn no_link_stands_in_code_headings_links_html_or_directives() {
        let text = "# lock\n\n`lock` [a lock](x) {{#value lock}} ![lock](y)\n\n\
                    ```\nlock\n```\n\n<p>lock</p>\n\n    lock\n";
        assert_eq!(found(text), []);
    }

    #[test]
    fn an_everyday_word_is_a_term_in_italics_alone() {
        assert_eq!(found("On guard. A *guard* it is. *No guard here.*"), [("guard", "guard")]);
    }
}
