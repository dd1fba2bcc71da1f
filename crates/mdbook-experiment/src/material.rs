//! What the pages speak of, and what they become.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::path::{Path, PathBuf};

use maud::Markup;

use crate::counterparts::{self, Counterparts, Language};
use crate::directives::{Directive, Found};
use crate::explore::{self, Explored};
use crate::facts::Facts;
use crate::glossary::Glossary;
use crate::page::Page;
use crate::predict::Prediction;
use crate::problem::Problem;
use crate::progress::{self, Asked};
use crate::records::Records;
use crate::source::Source;
use crate::tracks::{self, Tracks};
use crate::{claims, constant, exercise, index, listing, panel, predict, titles, value};

/// Everything outside a page that its directives need.
pub(crate) struct Material<'a> {
    root: PathBuf,
    source: Source,
    records: Records,
    explored: Explored,
    /// Experiments that have a panel, and on which page, in the order of the book.
    panels: Vec<(&'a str, &'a Path)>,
    /// The predictions, in the order of the book.
    predictions: Vec<Asked<'a>>,
    /// The terms, if a page lists them.
    glossary: Option<&'a Glossary>,
    /// The ways through the book, if a page lists them.
    tracks: Option<&'a Tracks>,
    /// What was looked up, if a page states any of it.
    facts: Option<Facts>,
    /// All pages by their paths, and what the contents call them.
    titles: BTreeMap<&'a Path, &'a str>,
}

/// What may be there once, and where it is.
#[derive(Default)]
struct Once<'a> {
    /// On a page.
    panels: BTreeSet<(&'a Path, &'a str)>,
    /// In the book: the browser remembers an answer by the ID.
    predictions: BTreeMap<&'a str, String>,
    /// In the book: what checks an answer says where it is asked.
    exercises: BTreeMap<&'a str, String>,
}

impl<'a> Material<'a> {
    /// Reads the records that `pages` speak of. What is wrong with one is told
    /// once, where the book first needs it.
    pub fn gather(
        root: &Path,
        source: Source,
        pages: &'a [(&Page<'a>, Vec<Found<'a>>)],
        glossary: Option<&'a Glossary>,
        tracks: Option<&'a Tracks>,
        problems: &mut Vec<Problem>,
    ) -> Material<'a> {
        let mut material = Material {
            root: root.to_owned(),
            source,
            records: Records::new(root),
            explored: Explored::default(),
            panels: Vec::new(),
            predictions: Vec::new(),
            glossary,
            tracks,
            facts: Facts::read(root, pages, problems),
            titles: pages.iter().map(|(page, _)| (page.path, page.name)).collect(),
        };
        let mut once = Once::default();
        for (page, all) in pages {
            for found in all {
                material.note(page, found, &mut once, problems);
            }
        }
        // As the book goes, whichever page spoke of one first.
        let place = |path: &Path| pages.iter().position(|(page, _)| page.path == path);
        material.panels.sort_by_key(|(_, path)| place(path));
        material
    }

    /// Takes down what `found` has for other pages, and reads the records that it needs.
    fn note(
        &mut self,
        page: &Page<'a>,
        found: &'a Found<'a>,
        once: &mut Once<'a>,
        problems: &mut Vec<Problem>,
    ) {
        let mut complain = |line: usize, message: String| {
            problems.push(Problem { file: page.file.clone(), line, message });
        };
        for (name, line) in found.experiments(page) {
            if let Err(message) = self.records.read(name) {
                complain(line, message);
            }
        }
        match &found.directive {
            Directive::Experiment { name } => {
                if once.panels.insert((page.path, name)) {
                    self.note_panel(name, page.path);
                } else {
                    complain(found.line, format!("a second panel of `{name}` on this page"));
                }
            }
            Directive::Predict { id, prediction, .. } => {
                self.note_prediction(page, id, prediction);
                if let Some(other) = once.predictions.insert(id, page.file.clone()) {
                    complain(found.line, format!("`predict {id}` is in {other} already"));
                }
            }
            Directive::Exercise { name } => {
                if let Some(other) = once.exercises.insert(name, page.file.clone()) {
                    let message = format!("the exercise `{name}` is in {other} already");
                    complain(found.line, message);
                }
            }
            _ => {}
        }
    }

    /// Takes down a prediction for the list of all; one without an answer is
    /// told where it stands.
    fn note_prediction(&mut self, page: &Page<'a>, id: &'a str, prediction: &Prediction) {
        if let Some(Ok(answer)) = self.answer(prediction) {
            let (page, title) = (page.path, page.name.to_owned());
            self.predictions.push(Asked { id, page, title, answer });
        }
    }

    /// The option that is right; nothing if a record cannot be used.
    fn answer(&self, prediction: &Prediction) -> Option<Result<usize, String>> {
        let mut truths = Vec::new();
        for choice in &prediction.options {
            match choice.condition.holds(self.records.get(choice.experiment)?) {
                Ok(holds) => truths.push(holds),
                Err(message) => return Some(Err(message)),
            }
        }
        Some(predict::answer(&truths))
    }

    /// Other pages link to the panel in the experiment's own chapter; without
    /// one, to the first.
    fn note_panel(&mut self, name: &'a str, path: &'a Path) {
        match self.panels.iter_mut().find(|(known, _)| *known == name) {
            None => self.panels.push((name, path)),
            Some((_, chosen)) if path.file_stem().is_some_and(|stem| stem == name) => {
                *chosen = path;
            }
            Some(_) => {}
        }
    }

    /// The text of `page` with each directive replaced by what it stands for.
    pub fn render(&self, page: &Page, found: &[Found], problems: &mut Vec<Problem>) -> String {
        let text = self.replace(page, 0..page.text.len(), found, problems);
        let mut text = titles::add(&text, page.path, &self.titles);
        if let Some(tracks) = self.tracks {
            self.add_ways(page, tracks, &mut text);
        }
        // Before what it is for, or that would be drawn once without it.
        let mut style =
            |sheet: Markup| text.insert_str(0, &format!("{}\n\n", block(&sheet.into_string())));
        if found.iter().any(|found| matches!(found.directive, Directive::Counterparts { .. })) {
            style(counterparts::style());
        }
        if found.iter().any(|found| matches!(found.directive, Directive::Explore { .. })) {
            style(explore::style());
            text.push_str(&format!("\n\n{}\n", block(&explore::script().into_string())));
        }
        text
    }

    /// Adds the minutes under the title, and the neighbours on each track.
    fn add_ways(&self, page: &Page, tracks: &Tracks, text: &mut String) {
        let title = text.starts_with("# ").then(|| text.find('\n')).flatten();
        if let (Some(minutes), Some(end)) = (tracks.minutes(page.path), title) {
            text.insert_str(end, &format!("\n\n{}\n", block(&minutes.into_string())));
            let neighbours = tracks.neighbours(page.path, |path| link(page, path));
            text.push_str(&format!("\n\n{}\n", block(&neighbours.into_string())));
        }
    }

    /// The bytes `range` of `page`, with those of `found` replaced that are within.
    fn replace(
        &self,
        page: &Page,
        range: Range<usize>,
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
                    let (file, line) = (page.file.clone(), found.line);
                    problems.push(Problem { file, line, message });
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
                let Some(report) = self.records.get(name) else { return Ok(String::new()) };
                panel::render(report).map(|html| block(&html.into_string()))
            }
            Directive::Listing { name, file, anchor, alone, title } => {
                let folder = self.records.folder(name)?;
                let (source, title) = (&self.source, title.as_deref());
                listing::render(&folder, source, name, file, *anchor, *alone, title)
                    .map(|text| escape(&text))
            }
            Directive::Value { name, expression, format } => {
                let Some(report) = self.records.get(name) else { return Ok(String::new()) };
                value::render(report, *expression, *format).map(|html| html.into_string())
            }
            Directive::Constant { file, name, format } => {
                constant::render(&self.root, file, name, *format)
            }
            Directive::Fact { name, plain } => {
                let Some(facts) = &self.facts else { return Ok(String::new()) };
                facts.render(name, *plain)
            }
            Directive::Facts => {
                let Some(facts) = &self.facts else { return Ok(String::new()) };
                Ok(block(&facts.list().into_string()))
            }
            Directive::Predict { id, prediction, values } => {
                self.predict(page, id, prediction, values, problems)
            }
            Directive::Explore { name, scenario } => {
                let explored = self.explored.of(&self.records.folder(name)?, name)?;
                explore::render(&explored, scenario).map(|html| block(&html.into_string()))
            }
            Directive::Schedules { name, scenario, outcome } => {
                let explored = self.explored.of(&self.records.folder(name)?, name)?;
                explore::count(&explored, scenario, *outcome)
            }
            Directive::Exercise { name } => {
                exercise::render(&self.root, &self.source, name).map(|text| escape(&text))
            }
            Directive::Progress => {
                Ok(block(&progress::render(&self.predictions, &up(page)).into_string()))
            }
            Directive::Claims => {
                let panels = self
                    .panels
                    .iter()
                    .filter_map(|&(name, path)| Some((self.records.get(name)?, link(page, path))));
                Ok(block(&claims::of_book(panels).into_string()))
            }
            Directive::Experiments => self.experiments(page),
            Directive::Tracks { how: true } => Ok(tracks::HOW.to_owned()),
            Directive::Tracks { how: false } => {
                let Some(tracks) = self.tracks else { return Ok(String::new()) };
                Ok(block(&tracks.render(|path| link(page, path)).into_string()))
            }
            Directive::Glossary => Ok(self.terms(page)),
            Directive::Term { name, shown, defines } => {
                let Some(glossary) = self.glossary else { return Ok(String::new()) };
                let to = link(page, glossary.page());
                Ok(glossary.link(name, shown, *defines, &to).into_string())
            }
            Directive::Counterparts { language } => self.counterparts(page, *language),
            Directive::Verdict { words, claims } => self.verdict(page, words, claims),
        }
    }

    fn predict(
        &self,
        page: &Page,
        id: &str,
        prediction: &Prediction,
        values: &[Found],
        problems: &mut Vec<Problem>,
    ) -> Result<String, String> {
        let Some(answer) = self.answer(prediction) else { return Ok(String::new()) };
        let answer = answer?;
        Ok(predict::render(id, prediction, answer, |part| {
            self.replace(page, part.clone(), values, problems)
        }))
    }

    fn experiments(&self, page: &Page) -> Result<String, String> {
        for name in self.records.all()? {
            self.panel(&name)?;
        }
        let panels = self.panels.iter().filter_map(|&(name, path)| {
            let title = self.titles.get(path)?;
            Some((self.records.get(name)?, link(page, path), *title))
        });
        Ok(block(&index::render(panels).into_string()))
    }

    /// The page that has the panel of `name`.
    fn panel(&self, name: &str) -> Result<&Path, String> {
        let panel = self.panels.iter().find(|(known, _)| *known == name);
        panel.map(|(_, path)| *path).ok_or_else(|| format!("no page has the panel of `{name}`"))
    }

    fn terms(&self, page: &Page) -> String {
        let Some(glossary) = self.glossary else { return String::new() };
        let entries = glossary.render(|home| {
            let title = self.titles.get(home)?;
            Some((link(page, home), *title))
        });
        block(&entries.into_string())
    }

    fn counterparts(&self, page: &Page, language: Language) -> Result<String, String> {
        let table = Counterparts::read(&self.root)?;
        let text = table.render(language, |chapter| {
            let title = self.titles.get(Path::new(chapter))?;
            Some(((*title).to_owned(), link(page, Path::new(chapter))))
        })?;
        Ok(escape(&text))
    }

    fn verdict(&self, page: &Page, words: &str, claims: &[(&str, &str)]) -> Result<String, String> {
        let mut deciding = Vec::new();
        for &(name, id) in claims {
            let Some(report) = self.records.get(name) else { return Ok(String::new()) };
            let panel = self.panel(name)?;
            deciding.push((report, claims::deciding(report, id)?, link(page, panel)));
        }
        Ok(block(&claims::verdict(words, &deciding).into_string()))
    }
}

/// The way from a page to the book's root.
fn up(page: &Page) -> String {
    "../".repeat(page.path.components().count() - 1)
}

/// From a page to another.
fn link(page: &Page, to: &Path) -> String {
    format!("{}{}", up(page), to.to_string_lossy().replace('\\', "/"))
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
