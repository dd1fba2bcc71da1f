//! What stands for what in Python and in Rust, from one file, read either way.
//!
//! Python's names are held to the interpreters by a test of ours, Rust's paths
//! to the crates by `mdbook test`.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

use maud::{Markup, PreEscaped, html};
use serde::Deserialize;
use toml::Spanned;

use crate::page;
use crate::value::prose;

/// Where the table is, from the book's root.
pub(crate) const FILE: &str = "book/appendix/counterparts.toml";

/// Which language is looked up.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Language {
    Python,
    Rust,
}

impl Language {
    pub fn parse(word: &str) -> Option<Language> {
        match word {
            "python" => Some(Language::Python),
            "rust" => Some(Language::Rust),
            _ => None,
        }
    }
}

/// The whole table.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Counterparts {
    module: Vec<Module>,
    /// The line on which each entry begins, by its first byte.
    #[serde(skip)]
    lines: BTreeMap<usize, usize>,
}

/// A module of Python, or a package.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Module {
    name: String,
    /// A sentence or two that hold for all of it.
    about: String,
    /// Its documentation.
    source: String,
    /// Names of its `__all__` that programs leave alone; a test reads them.
    #[serde(default)]
    #[expect(dead_code, reason = "the test of the names reads it")]
    unlisted: Vec<String>,
    entry: Vec<Spanned<Entry>>,
}

/// Names of Python and the items of Rust that one reaches for instead.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    /// Below the module: `Thread.join`.
    python: Vec<String>,
    /// The first version that has them, if a supported one has not.
    since: Option<String>,
    /// The first version that has them no more.
    until: Option<String>,
    /// Full paths: `std::thread::spawn`, `tokio::select!`, `#[tokio::main]`.
    #[serde(default)]
    rust: Vec<String>,
    /// What no path says: `move` closures, a crate that the book does not use.
    also: Option<String>,
    /// The difference that bites, in one sentence that can be read either way.
    differs: String,
    /// The page that tells more, from the manuscript's root.
    chapter: Option<String>,
}

/// A path of Rust and the line of the file that names it.
#[derive(Debug, PartialEq)]
pub(crate) struct Named {
    pub line: usize,
    pub path: String,
}

impl Counterparts {
    /// The table of the book at `root`.
    pub fn read(root: &Path) -> Result<Counterparts, String> {
        let text = std::fs::read_to_string(root.join(FILE))
            .map_err(|error| format!("cannot read `{FILE}`: {error}"))?;
        Counterparts::parse(&text)
    }

    fn parse(text: &str) -> Result<Counterparts, String> {
        let mut table: Counterparts = toml::from_str(text).map_err(|error| {
            let line = error.span().map_or(1, |span| page::line(text, span.start));
            format!("cannot use `{FILE}`: line {line}: {}", error.message())
        })?;
        let mut known: BTreeMap<String, usize> = BTreeMap::new();
        for module in &table.module {
            for entry in &module.entry {
                let line = page::line(text, entry.span().start);
                table.lines.insert(entry.span().start, line);
                for name in &entry.get_ref().python {
                    let name = format!("{}.{name}", module.name);
                    if let Some(before) = known.insert(name.clone(), line) {
                        return Err(format!(
                            "cannot use `{FILE}`: line {line}: `{name}` is in line {before} already"
                        ));
                    }
                }
            }
        }
        Ok(table)
    }

    /// Every path of Rust, with the line of its entry.
    pub fn paths(self) -> Vec<Named> {
        let entries = self.module.into_iter().flat_map(|module| module.entry);
        entries
            .flat_map(|entry| {
                let line = self.lines.get(&entry.span().start).copied().unwrap_or(1);
                entry.into_inner().rust.into_iter().map(move |path| Named { line, path })
            })
            .collect()
    }

    /// The tables as Markdown; `chapter` gives the title of a page and the
    /// link to it.
    pub fn render(
        &self,
        language: Language,
        chapter: impl Fn(&str) -> Option<(String, String)>,
    ) -> Result<String, String> {
        let find = |entry: &Entry| match &entry.chapter {
            None => Ok(None),
            Some(file) => match chapter(file) {
                Some(found) => Ok(Some(found)),
                None => Err(format!("`{FILE}` sends readers to `{file}`, which is no page")),
            },
        };
        match language {
            Language::Python => self.by_module(find),
            Language::Rust => self.by_path(find),
        }
    }

    fn by_module(&self, find: impl Fn(&Entry) -> Found) -> Result<String, String> {
        let mut text = String::new();
        for module in &self.module {
            let mut rows = Vec::new();
            for entry in module.entry.iter().map(Spanned::get_ref) {
                let id = entry.python.first().map(|name| format!("{}.{name}", module.name));
                rows.push(row(id, python(entry, ""), rust(entry), entry, find(entry)?));
            }
            let (name, about, source) = (&module.name, &module.about, &module.source);
            let _ = write!(text, "## `{name}`\n\n{about} [Its documentation]({source}).\n\n");
            text.push_str(&table(name, Some(name), ["Python", "Rust"], &rows));
        }
        Ok(text)
    }

    /// An entry stands in each module of Rust of which it names something.
    fn by_path(&self, find: impl Fn(&Entry) -> Found) -> Result<String, String> {
        let mut groups: BTreeMap<(usize, String), Vec<(String, Markup)>> = BTreeMap::new();
        for module in &self.module {
            for entry in module.entry.iter().map(Spanned::get_ref) {
                let mut parts: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
                for path in &entry.rust {
                    let (home, item) = split(path);
                    parts.entry(home).or_default().push(item);
                }
                let prefix = format!("{}.", module.name);
                for (home, items) in parts {
                    let first = html! {
                    @for item in &items { (name(item, "::")) }
                    };
                    let found = row(None, first, python(entry, &prefix), entry, find(entry)?);
                    let key = (rank(home), home.to_owned());
                    groups.entry(key).or_default().push((items[0].to_lowercase(), found));
                }
                if let (true, Some(also)) = (entry.rust.is_empty(), &entry.also) {
                    let found = row(None, prose(also), python(entry, &prefix), entry, find(entry)?);
                    let key = (usize::MAX, String::new());
                    groups.entry(key).or_default().push((also.to_lowercase(), found));
                }
            }
        }
        let mut text = String::new();
        for ((_, home), mut rows) in groups {
            // Stable: one item's rows stay in the order of Python's modules.
            rows.sort_by(|(a, _), (b, _)| a.cmp(b));
            let rows: Vec<_> = rows.into_iter().map(|(_, row)| row).collect();
            let home = Some(home.as_str()).filter(|home| !home.is_empty());
            let name = home.unwrap_or("The language, and other crates");
            let heading = home.map_or(name.to_owned(), |home| format!("`{home}`"));
            let _ = write!(text, "## {heading}\n\n");
            text.push_str(&table(name, home, ["Rust", "Python"], &rows));
        }
        Ok(text)
    }
}

/// Title and link of the page that tells more, if there is one.
type Found = Result<Option<(String, String)>, String>;

/// What the tables of a page need once.
pub(crate) fn style() -> Markup {
    html! { style { (PreEscaped(include_str!("../web/counterparts.css"))) } }
}

/// `home` is the module that the names of the first column are in.
fn table(name: &str, home: Option<&str>, [from, to]: [&str; 2], rows: &[Markup]) -> String {
    let table = html! {
        div.counterparts.scroll.by-rust[from == "Rust"] role="group" aria-label={ "Counterparts: " (name) } {
            table {
                thead {
                    tr {
                        // Where a table goes on overleaf, this says of what.
                        th scope="col" { (from) @if let Some(home) = home { ": " code { (home) } } }
                        th scope="col" { (to) }
                        th scope="col" { "The difference that bites" }
                        th scope="col" { "Chapter" }
                    }
                }
                tbody {
                    @for row in rows { (row) }
                }
            }
        }
    };
    format!("{}\n\n", table.into_string())
}

fn row(
    id: Option<String>,
    from: Markup,
    to: Markup,
    entry: &Entry,
    chapter: Option<(String, String)>,
) -> Markup {
    html! {
        tr id=[id] {
            th scope="row" { (from) }
            td { (to) }
            td { (prose(&entry.differs)) }
            td { @if let Some((title, link)) = chapter { a href=(link) { (title) } } }
        }
    }
}

fn python(entry: &Entry, prefix: &str) -> Markup {
    html! {
        @for one in &entry.python { (name(&format!("{prefix}{one}"), ".")) }
        @if let Some(version) = &entry.since { span.version { "since " (version) } " " }
        @if let Some(version) = &entry.until { span.version { "gone in " (version) } }
    }
}

fn rust(entry: &Entry) -> Markup {
    html! {
        @for path in &entry.rust { (name(path, "::")) }
        @match &entry.also {
            Some(also) => (prose(also)),
            None if entry.rust.is_empty() => "none",
            None => {},
        }
    }
}

/// A name on lines of its own, which may be broken after each of its parts and words.
fn name(name: &str, separator: &str) -> Markup {
    html! {
        div.name {
            code {
                @for (number, part) in name.split(separator).enumerate() {
                    @if number > 0 { (separator) wbr; }
                    @for (number, word) in part.split_inclusive('_').enumerate() {
                        @if number > 0 { wbr; }
                        (word)
                    }
                }
            }
        }
    }
}

/// The module that a path is in, and the rest: a type with its method, say.
/// An attribute is an item of its crate.
fn split(path: &str) -> (&str, &str) {
    let bare = path.trim_start_matches("#[");
    let mut start = 0;
    for segment in bare.split("::") {
        let last = start + segment.len() == bare.len();
        if last || segment.starts_with(char::is_uppercase) {
            break;
        }
        start += segment.len() + "::".len();
    }
    if path.starts_with("#[") {
        return (&bare[..start.saturating_sub(2)], path);
    }
    (&bare[..start.saturating_sub(2)], &bare[start..])
}

/// What readers meet first comes first, a crate's other modules after those
/// that are named here.
fn rank(module: &str) -> usize {
    let order = [
        "std::thread",
        "std::sync",
        "std::sync::mpsc",
        "std::process",
        "std",
        "tokio",
        "tokio::task",
        "tokio::sync",
        "tokio::time",
        "tokio_util",
        "futures_util",
        "rayon",
        "crossbeam_channel",
    ];
    let place = |name: &str| order.iter().position(|known| *known == name);
    let name = module.split("::").next().unwrap_or_default();
    // Behind the last of its crate.
    let last = order.iter().rposition(|known| known.split("::").next() == Some(name));
    2 * place(module).or(last).unwrap_or(order.len()) + usize::from(place(module).is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_split_where_its_module_ends() {
        assert_eq!(split("std::thread::spawn"), ("std::thread", "spawn"));
        assert_eq!(split("std::sync::Mutex::lock"), ("std::sync", "Mutex::lock"));
        assert_eq!(split("tokio::select!"), ("tokio", "select!"));
        assert_eq!(split("#[tokio::main]"), ("tokio", "#[tokio::main]"));
    }

    #[test]
    fn threads_come_first_and_a_crate_stays_together() {
        let mut modules = ["tokio::net", "nix::sched", "std::fs", "tokio", "std", "std::thread"];
        modules.sort_by_key(|module| rank(module));
        let sorted = ["std::thread", "std", "std::fs", "tokio", "tokio::net", "nix::sched"];
        assert_eq!(modules, sorted);
    }

    #[test]
    fn what_is_wrong_with_the_file_is_told_with_its_line() {
        let module = "[[module]]\nname = \"queue\"\nabout = \"\"\nsource = \"\"\n";
        let entry = "[[module.entry]]\npython = [\"Queue\"]\ndiffers = \"\"\n";
        let twice = Counterparts::parse(&format!("{module}{entry}{entry}")).unwrap_err();
        assert!(twice.ends_with("line 8: `queue.Queue` is in line 5 already"), "{twice}");
        let unknown = Counterparts::parse(&format!("{module}{entry}ruts = []\n")).unwrap_err();
        assert!(unknown.contains("line 8: unknown field `ruts`"), "{unknown}");
    }
}
