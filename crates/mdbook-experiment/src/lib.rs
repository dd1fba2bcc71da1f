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
//! | `{{#constant FILE NAME}}` | a number that a program is written with |
//! | `{{#fact NAME}}` | a version, a date or a default that was looked up |
//! | `{{#facts}}` | all that was looked up, with sources |
//! | `{{#predict id="…"}} … {{/predict}}` | a question, answered from the record |
//! | `{{#explore NAME SCENARIO}}` | the explorer, or its outcomes as a table |
//! | `{{#schedules NAME SCENARIO OUTCOME}}` | how many schedules end so |
//! | `{{#exercise NAME}}` | a task, the command that checks it, a solution folded away |
//! | `{{#progress}}` | all predictions, with what the reader answered |
//! | `{{#claims}}` | the claims of all panels |
//! | `{{#experiments}}` | an index of the experiments |
//! | `{{#glossary}}` | the terms of `glossary.toml` beside the page |
//! | `{{#tracks}}` | the ways through the book of `tracks.toml` beside the page |
//! | `{{#verdict WORDS by NAME/CLAIM …}}` | what became of a saying, and why |
//! | `{{#counterparts python}}`, `{{#counterparts rust}}` | what stands for what in the other language |
//!
//! The first use of each term on a page becomes a link to the glossary, and a
//! link to another page gets that page's title.
//!
//! What is not here: the browser's code for running an experiment, and
//! anything that measures.

mod chart;
mod claims;
mod constant;
mod counterparts;
mod data;
mod directives;
mod exercise;
mod explore;
mod facts;
mod glossary;
mod includes;
mod index;
mod listing;
mod material;
mod page;
mod panel;
mod predict;
mod problem;
mod progress;
mod records;
mod snippets;
mod source;
mod timeline;
mod titles;
mod tracks;
mod value;

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::{Error, Result};
use mdbook_preprocessor::book::{Book, BookItem, Chapter};
use mdbook_preprocessor::{Preprocessor, PreprocessorContext};

pub use chart::{Picture, line_style, picture};
use counterparts::Counterparts;
use directives::{Directive, Found};
use glossary::Glossary;
use material::Material;
use page::Page;
pub use problem::{Problem, Problems};
use source::Source;
use tracks::Tracks;

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
            let mut pages: Vec<_> = pages
                .iter()
                .map(|page| {
                    let expanded = includes::expand(page, &context.root, &mut problems);
                    if testing {
                        snippets.extend(snippets::find(page, &expanded));
                    }
                    (page, directives::find(page, &mut problems))
                })
                .collect();
            let tracks = Tracks::read(&pages, &mut problems);
            let glossary = Glossary::read(&pages, &mut problems);
            if let Some(glossary) = &glossary {
                glossary.link_all(&mut pages, &mut problems);
            }
            let (glossary, tracks) = (glossary.as_ref(), tracks.as_ref());
            let source = Source::read(&context.config).unwrap_or_else(|problem| {
                problems.push(problem);
                Source::default()
            });
            let material =
                Material::gather(&context.root, source, &pages, glossary, tracks, &mut problems);
            for (page, found) in &pages {
                texts.insert(page.path.to_owned(), material.render(page, found, &mut problems));
            }
            if testing && problems.is_empty() {
                let asked =
                    |found: &Found| matches!(found.directive, Directive::Counterparts { .. });
                let mut paths = Vec::new();
                if pages.iter().any(|(_, found)| found.iter().any(asked)) {
                    // Whatever is wrong with the file has been told above.
                    paths = Counterparts::read(&context.root).map_err(Error::msg)?.paths();
                }
                problems = snippets::test(&context.root, &snippets, &paths)?;
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
            problems.sort_by(|one, other| {
                let key = |problem: &Problem| (place(&problem.file), problem.line);
                let by_file = || one.file.cmp(&other.file);
                let (one, other) = (key(one), key(other));
                one.0.cmp(&other.0).then_with(by_file).then(one.1.cmp(&other.1))
            });
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

#[cfg(test)]
mod tests {
    use taking_turns::report::Report;

    /// A small report, with something of everything.
    pub(crate) fn report() -> Report {
        let json = include_str!("../tests/fixtures/good/examples/race_condition/recorded.json");
        Report::parse(json).unwrap()
    }
}
