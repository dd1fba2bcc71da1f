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
mod hyphens;
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
use std::path::{Path, PathBuf};

use anyhow::{Error, Result};
use mdbook_preprocessor::book::{Book, BookItem, Chapter};
use mdbook_preprocessor::{Preprocessor, PreprocessorContext};

pub use chart::{Picture, line_style, picture};
use counterparts::{Counterparts, Named};
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
        let (mut texts, problems) = texts(context, &book, testing)?;
        if !problems.is_empty() {
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

/// What the pages become, by their paths.
type Texts = BTreeMap<PathBuf, String>;

/// The text of each page, and what is wrong with the book.
fn texts(
    context: &PreprocessorContext,
    book: &Book,
    testing: bool,
) -> Result<(Texts, Vec<Problem>)> {
    let (root, src) = (&context.root, &context.config.book.src);
    let mut problems = Vec::new();
    let pages: Vec<Page> =
        book.chapters().filter_map(|chapter| Page::new(chapter, root, src)).collect();
    let mut snippets = Vec::new();
    let mut found: Vec<_> = pages
        .iter()
        .map(|page| {
            let expanded = includes::expand(page, root, &mut problems);
            if testing {
                snippets.extend(snippets::find(page, &expanded));
            }
            (page, directives::find(page, &mut problems))
        })
        .collect();
    let tracks = Tracks::read(&found, &mut problems);
    let glossary = Glossary::read(&found, &mut problems);
    if let Some(glossary) = &glossary {
        glossary.link_all(&mut found, &mut problems);
    }
    let source = Source::read(&context.config).unwrap_or_else(|problem| {
        problems.push(problem);
        Source::default()
    });
    let (glossary, tracks) = (glossary.as_ref(), tracks.as_ref());
    let material = Material::gather(root, source, &found, glossary, tracks, &mut problems);
    let mut texts = Texts::new();
    for (page, found) in &found {
        let text = material.render(page, found, &mut problems);
        texts.insert(page.path.to_owned(), hyphens::keep(&listing::once_on_paper(&text)));
    }
    if testing && problems.is_empty() {
        problems = snippets::test(root, &snippets, &counterparts_asked_for(root, &found)?)?;
    }
    sort(&mut problems, &pages);
    Ok((texts, problems))
}

/// The paths of the counterparts, if a page lists them.
fn counterparts_asked_for(root: &Path, pages: &[(&Page, Vec<Found>)]) -> Result<Vec<Named>> {
    let asked = |found: &Found| matches!(found.directive, Directive::Counterparts { .. });
    if !pages.iter().any(|(_, found)| found.iter().any(asked)) {
        return Ok(Vec::new());
    }
    // Whatever is wrong with the file has been told.
    Ok(Counterparts::read(root).map_err(Error::msg)?.paths())
}

/// Puts `problems` in the order of the book, those of a page by line, behind
/// those of other files.
fn sort(problems: &mut [Problem], pages: &[Page]) {
    let place = |file: &str| pages.iter().position(|page| page.file == file);
    problems
        .sort_by_cached_key(|problem| (place(&problem.file), problem.file.clone(), problem.line));
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
