//! The mdBook preprocessor of *Taking Turns*.
//!
//! It puts the experiments into the book: panels, listings, numbers and
//! predictions, all from the sources and the records in `examples/`. It
//! refuses to build a book that says what no record says, and under
//! `mdbook test` it compiles and runs the book's snippets with every crate
//! that they may use.
//!
//! | written | becomes |
//! | --- | --- |
//! | `{{#experiment NAME}}` | the experiment's panel |
//! | `{{#listing NAME FILE:ANCHOR}}` | code, in Rust and Python |
//! | `{{#value NAME PATH FORMAT}}` | a number from the record |
//! | `{{#predict id="…"}} … {{/predict}}` | a question, answered from the record |
//! | `{{#claims}}` | the claims of all panels |
//!
//! What is not here: the browser's code for running an experiment, and
//! anything that measures.

mod chart;
mod claims;
mod directives;
mod includes;
mod listing;
mod page;
mod panel;
mod predict;
mod problem;
mod records;
mod snippets;
mod timeline;
mod value;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::Result;
use mdbook_preprocessor::book::{Book, BookItem, Chapter};
use mdbook_preprocessor::{Preprocessor, PreprocessorContext};

use directives::{Directive, Found};
use page::Page;
pub use problem::{Problem, Problems};
use records::Records;

/// The preprocessor, as `[preprocessor.experiment]` runs it.
///
/// It fails with [`Problems`] if the book has any.
#[derive(Clone, Copy, Debug, Default)]
pub struct Experiments;

impl Preprocessor for Experiments {
    fn name(&self) -> &str {
        "experiment"
    }

    fn run(&self, context: &PreprocessorContext, mut book: Book) -> Result<Book> {
        let testing = context.renderer == "test";
        let src = &context.config.book.src;
        let mut problems = Vec::new();
        let mut texts: BTreeMap<PathBuf, String> = BTreeMap::new();
        {
            let pages: Vec<Page> = book
                .chapters()
                .filter_map(|chapter| Page::new(chapter, &context.root, src))
                .collect();
            let mut snippets = Vec::new();
            let pages: Vec<_> = pages
                .iter()
                .map(|page| {
                    let expanded = includes::expand(page, &context.root, &mut problems);
                    if testing {
                        snippets.extend(snippets::find(page, &expanded));
                    }
                    (page, directives::find(page, &mut problems))
                })
                .collect();
            let facts = Facts::gather(&context.root, &pages, &mut problems);
            for (page, found) in &pages {
                texts.insert(page.path.to_owned(), facts.render(page, found, &mut problems));
            }
            if testing && problems.is_empty() {
                problems = snippets::test(&context.root, &snippets)?;
            }
        }
        if !problems.is_empty() {
            // In the order of the book, a page's problems by line.
            let order: Vec<String> = book
                .chapters()
                .filter_map(|chapter| Page::new(chapter, &context.root, src))
                .map(|page| page.file)
                .collect();
            let place = |file: &str| order.iter().position(|known| known == file);
            problems.sort_by_key(|problem| (place(&problem.file), problem.line));
            return Err(Problems(problems).into());
        }
        book.for_each_mut(|item| {
            let BookItem::Chapter(Chapter { path: Some(path), content, .. }) = item else {
                return;
            };
            if let Some(text) = texts.remove(path) {
                // What mdBook would test, without our crates, has been tested.
                *content = if testing { String::new() } else { text };
            }
        });
        Ok(book)
    }
}

/// What the pages speak of.
struct Facts<'a> {
    records: Records,
    /// Experiments that have a panel, and on which page, in the order of the book.
    panels: Vec<(&'a str, &'a Path)>,
}

impl<'a> Facts<'a> {
    fn gather(
        root: &Path,
        pages: &'a [(&Page, Vec<Found<'a>>)],
        problems: &mut Vec<Problem>,
    ) -> Facts<'a> {
        let mut facts = Facts { records: Records::new(root), panels: Vec::new() };
        for (page, found) in pages {
            for found in found {
                let mut complain = |line: usize, message: String| {
                    problems.push(Problem { file: page.file.clone(), line, message });
                };
                let mut read = |name: &str, line: usize| {
                    if let Err(message) = facts.records.read(name) {
                        complain(line, message);
                    }
                };
                match &found.directive {
                    Directive::Value { name, .. } => read(name, found.line),
                    Directive::Experiment { name } => {
                        read(name, found.line);
                        match facts.panels.iter_mut().find(|(known, _)| known == name) {
                            None => facts.panels.push((name, page.path)),
                            Some((_, path)) if *path == page.path => {
                                let message = format!("a second panel of `{name}` on this page");
                                complain(found.line, message);
                            }
                            // Other pages link to the panel in the experiment's own chapter.
                            Some((_, path)) => {
                                if page.path.file_stem().is_some_and(|stem| stem == *name) {
                                    *path = page.path;
                                }
                            }
                        }
                    }
                    Directive::Predict { prediction, values, .. } => {
                        for choice in &prediction.options {
                            read(choice.experiment, page.line(choice.at));
                        }
                        for value in values {
                            if let Directive::Value { name, .. } = value.directive {
                                read(name, value.line);
                            }
                        }
                    }
                    Directive::Listing { .. } | Directive::Claims => {}
                }
            }
        }
        facts
    }

    /// The text of `page` with each directive replaced by what it stands for.
    fn render(&self, page: &Page, found: &[Found], problems: &mut Vec<Problem>) -> String {
        self.replace(page, 0..page.text.len(), found, problems)
    }

    fn replace(
        &self,
        page: &Page,
        range: std::ops::Range<usize>,
        found: &[Found],
        problems: &mut Vec<Problem>,
    ) -> String {
        let mut text = String::new();
        let mut at = range.start;
        let within =
            |found: &&Found| range.start <= found.range.start && found.range.end <= range.end;
        for found in found.iter().filter(within) {
            text.push_str(&page.text[at..found.range.start]);
            at = found.range.end;
            match self.one(page, &found.directive, problems) {
                Ok(replaced) => text.push_str(&replaced),
                Err(message) => {
                    problems.push(Problem { file: page.file.clone(), line: found.line, message })
                }
            }
        }
        text.push_str(&page.text[at..range.end]);
        text
    }

    /// What stands in the place of one directive; nothing where its record
    /// cannot be used, which has been said once.
    fn one(
        &self,
        page: &Page,
        directive: &Directive,
        problems: &mut Vec<Problem>,
    ) -> Result<String, String> {
        match directive {
            Directive::Experiment { name } => {
                self.records.get(name).map_or(Ok(String::new()), |report| {
                    panel::render(report).map(|html| block(&html.into_string()))
                })
            }
            Directive::Listing { name, file, anchor } => {
                let folder = self.records.folder(name)?;
                listing::render(&folder, name, file, *anchor).map(|text| escape(&text))
            }
            Directive::Value { name, expression, format } => {
                self.records.get(name).map_or(Ok(String::new()), |report| {
                    value::render(report, *expression, *format).map(maud::PreEscaped::into_string)
                })
            }
            Directive::Predict { id, prediction, values } => {
                let mut truths = Vec::new();
                for choice in &prediction.options {
                    let Some(report) = self.records.get(choice.experiment) else {
                        return Ok(String::new());
                    };
                    truths.push(choice.condition.holds(report)?);
                }
                let answer = predict::answer(&truths)?;
                let mut inner = Vec::new();
                let text = predict::render(id, prediction, answer, |part| {
                    self.replace(page, part.clone(), values, &mut inner)
                });
                problems.append(&mut inner);
                Ok(text)
            }
            Directive::Claims => {
                let up = "../".repeat(page.path.components().count() - 1);
                let panels = self.panels.iter().filter_map(|(name, path)| {
                    let path = path.to_string_lossy().replace('\\', "/");
                    Some((self.records.get(name)?, format!("{up}{path}")))
                });
                Ok(block(&claims::of_book(panels).into_string()))
            }
        }
    }
}

/// HTML as a block of Markdown, which a blank line would end.
fn block(html: &str) -> String {
    let lines: Vec<_> = html.lines().filter(|line| !line.trim().is_empty()).collect();
    escape(&lines.join("\n"))
}

/// mdBook looks for its own directives in what we made; it takes one backslash
/// from each line that has one.
fn escape(text: &str) -> String {
    let lines: Vec<_> = text.split('\n').map(|line| line.replacen("{{#", "\\{{#", 1)).collect();
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use taking_turns::report::Report;

    /// A small report, with something of everything.
    pub(crate) fn report() -> Report {
        let json = include_str!("../tests/fixtures/good/examples/race_condition/recorded.json");
        Report::parse(json).unwrap()
    }
}
