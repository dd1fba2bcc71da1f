//! The ways through the book, and how long each chapter takes.
//!
//! They are written in `tracks.toml` beside the page that has `{{#tracks}}`.
//! Each chapter of a track says how many minutes it takes and which chapters
//! are its neighbours; a script shows those of the track that a reader follows.

use std::collections::BTreeMap;
use std::iter::Sum;
use std::ops::Range;
use std::path::{Path, PathBuf};

use maud::{Markup, html};
use mdbook_markdown::pulldown_cmark::{Event, Tag, TagEnd};
use mdbook_markdown::{MarkdownOptions, new_cmark_parser};
use serde::Deserialize;

use crate::data::Data;
use crate::directives::{Directive, Found};
use crate::page::Page;
use crate::problem::Problem;

/// How minutes are counted, for readers who ask.
pub(crate) const HOW: &str = "200 words a minute, 2 minutes for a panel, 3 for an explorer, 1 for \
                              an open listing or a prediction, and behind the plus 12 for each \
                              exercise";
const WORDS_A_MINUTE: f64 = 200.0;
const FOR_AN_EXERCISE: f64 = 12.0;

/// The tracks, and the page that lists them.
pub(crate) struct Tracks {
    /// The page with `{{#tracks}}`, from the manuscript's root.
    pub page: PathBuf,
    tracks: Vec<Track>,
    chapters: BTreeMap<PathBuf, Chapter>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    track: Vec<Track>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Track {
    /// What the browser remembers it by.
    id: String,
    name: String,
    /// Whom it is for, or what it shows.
    about: String,
    /// The minutes that its chapters may take to read.
    within: Option<f64>,
    /// Its chapters, from the manuscript's root.
    #[serde(default)]
    chapters: Vec<PathBuf>,
    /// In place of chapters: all that do not begin so, in the book's order.
    all_but: Option<Vec<String>>,
}

struct Chapter {
    title: String,
    effort: Effort,
}

/// Minutes.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Effort {
    reading: f64,
    exercises: f64,
}

impl Tracks {
    /// The tracks of a book, if one of its `pages` lists them.
    pub fn read(pages: &[(&Page, Vec<Found>)], problems: &mut Vec<Problem>) -> Option<Tracks> {
        let directive = Directive::Tracks { how: false };
        let mut data: Data<File> = Data::beside(pages, &directive, "tracks.toml", problems)?;
        let chapters: BTreeMap<_, _> = pages
            .iter()
            .map(|(page, found)| {
                let title = page.name.to_owned();
                (page.path.to_owned(), Chapter { title, effort: Effort::of(page, found) })
            })
            .collect();
        for track in &mut data.value.track {
            if let Some(but) = &track.all_but {
                let paths = pages.iter().map(|(page, _)| page.path);
                let taken = |path: &&Path| {
                    let path = path.to_string_lossy().replace('\\', "/");
                    !but.iter().any(|start| path.starts_with(start))
                };
                track.chapters = paths.filter(taken).map(Path::to_owned).collect();
            }
        }
        for track in &data.value.track {
            let name = format!("id = \"{}\"", track.id);
            for path in track.chapters.iter().filter(|path| !chapters.contains_key(*path)) {
                let message =
                    format!("track `{}`: the book has no page `{}`", track.id, path.display());
                let quoted = format!("\"{}\"", path.display());
                problems.push(data.problem(|line| line.contains(&quoted), message));
            }
            let paths = track.chapters.iter();
            let minutes: Effort =
                paths.filter_map(|path| chapters.get(path)).map(|one| one.effort).sum();
            if let Some(within) = track.within.filter(|within| minutes.reading > *within) {
                let message = format!(
                    "track `{}` takes {:.0} minutes to read, more than {within:.0}",
                    track.id, minutes.reading
                );
                problems.push(data.problem(|line| line.trim() == name, message));
            }
        }
        Some(Tracks { page: data.page, tracks: data.value.track, chapters })
    }

    /// All tracks; `link` gives the way to a page.
    pub fn render(&self, link: impl Fn(&Path) -> String) -> Markup {
        html! {
            div.tracks {
                @for track in &self.tracks {
                    @let chapters = self.chapters_of(track);
                    @let all: Effort = chapters.iter().map(|(_, one)| one.effort).sum();
                    section.track id=(track.id) aria-labelledby={ (track.id) "-name" } {
                        h2 id={ (track.id) "-name" } { (track.name) }
                        p { (track.about) }
                        p.minutes {
                            (chapters.len()) (if chapters.len() == 1 { " chapter. " } else { " chapters. " })
                            (all.said())
                        }
                        button type="button" aria-describedby={ (track.id) "-name" } hidden {
                            "Follow this track"
                        }
                        ol {
                            @for (path, chapter) in chapters {
                                li {
                                    a href=(link(path)) { (chapter.title) }
                                    " " span.minutes { (chapter.effort.short()) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    fn chapters_of<'a>(&'a self, track: &'a Track) -> Vec<(&'a Path, &'a Chapter)> {
        let paths = track.chapters.iter();
        paths.filter_map(|path| Some((path.as_path(), self.chapters.get(path)?))).collect()
    }

    /// What stands under the title of the page at `path`, if a track has it.
    pub fn minutes(&self, path: &Path) -> Option<Markup> {
        self.tracks.iter().find(|track| track.chapters.iter().any(|one| one == path))?;
        let effort = self.chapters.get(path)?.effort;
        Some(html! { p.minutes { (effort.said()) } })
    }

    /// Where the page at `path` stands on each track that has it. Without a
    /// script none of it is shown; the page with all tracks is enough.
    pub fn neighbours(&self, path: &Path, link: impl Fn(&Path) -> String) -> Markup {
        let to = |path: &PathBuf| Some((link(path), self.chapters.get(path)?.title.as_str()));
        html! {
            @for track in &self.tracks {
                @if let Some(at) = track.chapters.iter().position(|one| one == path) {
                    @let before = at.checked_sub(1).and_then(|at| to(&track.chapters[at]));
                    @let after = track.chapters.get(at + 1).and_then(to);
                    nav.track data-track=(track.id) aria-label={ "Your track: " (track.name) } hidden {
                        p {
                            "Your track: "
                            a href={ (link(&self.page)) "#" (track.id) } { (track.name) }
                            ", chapter " (at + 1) " of " (track.chapters.len())
                            @if after.is_none() { ", the last" }
                        }
                        p.ways {
                            @if let Some((page, title)) = before {
                                a rel="prev" href=(page) { "← " (title) }
                            }
                            @if let Some((page, title)) = after {
                                a rel="next" href=(page) { (title) " →" }
                            }
                        }
                    }
                }
            }
        }
    }
}

impl Effort {
    /// What `page` asks of a reader, as its author wrote it.
    fn of(page: &Page, found: &[Found]) -> Effort {
        let taken: Vec<_> = found.iter().map(|found| found.range.clone()).collect();
        let mut effort =
            Effort { reading: words(page.text, &taken) as f64 / WORDS_A_MINUTE, exercises: 0.0 };
        for found in found {
            match found.directive {
                Directive::Experiment { .. } => effort.reading += 2.0,
                Directive::Explore { .. } => effort.reading += 3.0,
                Directive::Listing { title: None, .. } | Directive::Predict { .. } => {
                    effort.reading += 1.0;
                }
                Directive::Exercise { .. } => effort.exercises += FOR_AN_EXERCISE,
                _ => {}
            }
        }
        effort
    }

    /// `About 12 minutes, and 24 for the exercises.`
    fn said(self) -> String {
        let more = match self.exercises {
            0.0 => String::new(),
            FOR_AN_EXERCISE => format!(", and {} for the exercise", length(self.exercises)),
            many => format!(", and {} for the exercises", length(many)),
        };
        format!("About {}{more}.", length(self.reading))
    }

    /// `12 min + 24`
    fn short(self) -> String {
        let reading = format!("{:.0}\u{a0}min", self.reading.round().max(1.0));
        match self.exercises {
            0.0 => reading,
            minutes => format!("{reading} +\u{a0}{minutes:.0}"),
        }
    }
}

impl Sum for Effort {
    fn sum<I: Iterator<Item = Effort>>(all: I) -> Effort {
        all.fold(Effort::default(), |sum, one| Effort {
            reading: sum.reading + one.reading,
            exercises: sum.exercises + one.exercises,
        })
    }
}

/// Minutes, or hours in halves from 90 minutes on.
fn length(minutes: f64) -> String {
    if minutes < 90.0 {
        let minutes = minutes.round().max(1.0);
        return format!("{minutes:.0} minute{}", if minutes == 1.0 { "" } else { "s" });
    }
    let halves = (minutes / 30.0).round();
    let whole = (halves / 2.0).floor();
    format!("{whole:.0}{} hours", if halves % 2.0 == 1.0 { "½" } else { "" })
}

/// How many words of `text` are read as text, outside of code and of `taken`.
fn words(text: &str, taken: &[Range<usize>]) -> usize {
    let mut code = 0;
    let mut words = 0;
    for (event, range) in new_cmark_parser(text, &MarkdownOptions::default()).into_offset_iter() {
        match event {
            Event::Start(Tag::CodeBlock(_) | Tag::HtmlBlock) => code += 1,
            Event::End(TagEnd::CodeBlock | TagEnd::HtmlBlock) => code -= 1,
            Event::Text(_) | Event::Code(_) if code == 0 => {
                let begins = |word: &str| word.as_ptr() as usize - text.as_ptr() as usize;
                let read = |word: &&str| !taken.iter().any(|one| one.contains(&begins(word)));
                words += text[range].split_whitespace().filter(read).count();
            }
            _ => {}
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_those_of_sentences() {
        let text = "# Two words\n\nAnd *three* `more`.\n\n```\nnone at all\n```\n\n| a | b |\n|---|---|\n\
                    | c | d |\n";
        assert_eq!(words(text, &[]), 10);
        assert_eq!(words("One taken away three", &[0..3, 4..14]), 1);
    }

    #[test]
    fn minutes_are_whole_and_many_are_hours() {
        let said = |reading, exercises| Effort { reading, exercises }.said();
        assert_eq!(said(0.2, 0.0), "About 1 minute.");
        assert_eq!(said(11.6, 12.0), "About 12 minutes, and 12 minutes for the exercise.");
        assert_eq!(said(100.0, 150.0), "About 1½ hours, and 2½ hours for the exercises.");
        assert_eq!(Effort { reading: 11.6, exercises: 24.0 }.short(), "12\u{a0}min +\u{a0}24");
    }
}
