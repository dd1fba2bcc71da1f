//! What the book states and no run of ours shows: looked up, where, and when.
//!
//! Versions of crates are not looked up. They are those of `Cargo.lock`, and
//! Rust's is the one that `Cargo.toml` asks for.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use maud::{Markup, html};
use serde::Deserialize;
use toml::value::Datetime;

use crate::data::Data;
use crate::directives::{Directive, Found};
use crate::page::Page;
use crate::problem::Problem;
use crate::value;

/// Where the facts are, from the book's root.
const FILE: &str = "book/facts.toml";

/// All facts, by what they are about and by their names.
pub(crate) struct Facts {
    facts: BTreeMap<String, BTreeMap<String, Fact>>,
    /// Crate and version, as `Cargo.lock` has them.
    locked: Vec<(String, String)>,
    /// The version that `Cargo.toml` asks for, if it does.
    rust: Option<String>,
}

/// Something that was looked up.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Fact {
    /// What can change, and stands in the prose by a directive. A fact without
    /// it is settled: the prose says it in its own words.
    value: Option<String>,
    /// A sentence, or what the value is.
    says: String,
    /// Where it was looked up.
    source: String,
    /// When that was.
    checked: Datetime,
}

impl Facts {
    /// The facts of the book at `root`, if one of its `pages` states any.
    pub fn read(
        root: &Path,
        pages: &[(&Page, Vec<Found>)],
        problems: &mut Vec<Problem>,
    ) -> Option<Facts> {
        let asks = |found: &Found| {
            matches!(found.directive, Directive::Facts) || !found.facts().is_empty()
        };
        let data: Data<BTreeMap<String, BTreeMap<String, Fact>>> =
            Data::of_root(root, FILE, pages, asks, problems)?;
        let used: BTreeSet<&str> =
            pages.iter().flat_map(|(_, found)| found.iter().flat_map(Found::facts)).collect();
        for (group, facts) in &data.value {
            for (name, fact) in facts {
                let path = format!("{group}.{name}");
                if fact.value.is_some() && !used.contains(path.as_str()) {
                    let head = format!("[{path}]");
                    let message = format!("no page states the fact `{path}`");
                    problems.push(data.problem(|line| line.trim() == head, message));
                }
            }
        }
        let text = |file: &str| std::fs::read_to_string(root.join(file)).unwrap_or_default();
        Some(Facts {
            facts: data.value,
            locked: locked(&text("Cargo.lock")),
            rust: rust(&text("Cargo.toml")),
        })
    }

    /// The fact `name` as a part of a sentence; `plain` is without markup, for
    /// the middle of an address.
    pub fn render(&self, name: &str, plain: bool) -> Result<String, String> {
        let (value, title) = self.find(name)?;
        if plain {
            return Ok(value);
        }
        let text = value::unbroken(&value);
        Ok(html! { data.value value=(value) title=(title) { (text) } }.into_string())
    }

    /// All that was looked up, what can change before what is settled.
    pub fn list(&self) -> Markup {
        let (current, settled): (Vec<_>, Vec<_>) =
            self.facts.values().flat_map(BTreeMap::values).partition(|fact| fact.value.is_some());
        html! {
            ul.looked-up {
                @for fact in current.into_iter().chain(settled) {
                    li {
                        (value::prose(&fact.says))
                        @if let Some(value) = &fact.value {
                            ": " strong { (value::unbroken(value)) } "."
                        }
                        " Source: " (fact.place()) ", " time { (fact.checked) } "."
                    }
                }
            }
        }
    }

    /// The value of `name`, and where it is from.
    fn find(&self, name: &str) -> Result<(String, String), String> {
        let unknown = || format!("there is no fact `{name}` in {FILE}, Cargo.lock or Cargo.toml");
        match name.split_once('.').ok_or_else(unknown)? {
            ("crates", name) => {
                let versions = self.locked.iter().filter(|(known, _)| known == name);
                match &versions.map(|(_, version)| version.as_str()).collect::<Vec<_>>()[..] {
                    [version] => Ok((version.to_string(), format!("{name}, from Cargo.lock"))),
                    [] => Err(format!("Cargo.lock has no crate `{name}`")),
                    several => Err(format!("Cargo.lock has {name} {}", several.join(" and "))),
                }
            }
            ("rust", "version") => {
                let version = self.rust.clone().ok_or("Cargo.toml asks for no version of Rust")?;
                Ok((version, "Rust, from Cargo.toml".to_owned()))
            }
            (group, one) => {
                let fact = self.facts.get(group).and_then(|facts| facts.get(one));
                let fact = fact.ok_or_else(unknown)?;
                let value = fact.value.clone().ok_or_else(|| {
                    format!("the fact `{name}` is settled and has no value: say it in words")
                })?;
                let says = fact.says.replace('`', "");
                Ok((value, format!("{says}, looked up {}: {}", fact.checked, fact.source)))
            }
        }
    }
}

impl Fact {
    /// The source. An address is shown as its host, and leads there.
    fn place(&self) -> Markup {
        let host = self.source.strip_prefix("https://").and_then(|rest| rest.split('/').next());
        html! {
            @if let Some(host) = host { a href=(self.source) { (host) } } @else { (self.source) }
        }
    }
}

/// The crates of a `Cargo.lock`, with their versions.
fn locked(text: &str) -> Vec<(String, String)> {
    let quoted = |line: &str, key: &str| {
        let value = line.strip_prefix(key)?.strip_prefix(" = \"")?.strip_suffix('"')?;
        Some(value.to_owned())
    };
    let packages = text.split("[[package]]").skip(1);
    packages
        .filter_map(|package| {
            let find = |key| package.lines().find_map(|line| quoted(line, key));
            Some((find("name")?, find("version")?))
        })
        .collect()
}

/// The version of Rust that the workspace of a `Cargo.toml` asks for.
fn rust(text: &str) -> Option<String> {
    let table: toml::Table = text.parse().ok()?;
    let version = table.get("workspace")?.get("package")?.get("rust-version")?;
    version.as_str().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn crates_of_a_lock_file_have_their_versions() {
        let text = "version = 4\n\n[[package]]\nname = \"a\"\nversion = \"1.2.3\"\n\n\
                    [[package]]\nname = \"b\"\nversion = \"0.1.0\"\ndependencies = [\n \"a\",\n]\n";
        let known = |name: &str, version: &str| (name.to_owned(), version.to_owned());
        assert_eq!(locked(text), [known("a", "1.2.3"), known("b", "0.1.0")]);
    }

    #[test]
    fn the_workspace_says_which_rust_it_asks_for() {
        let text = "[workspace.package]\nrust-version = \"1.95\"\n";
        assert_eq!(rust(text).as_deref(), Some("1.95"));
        assert_eq!(rust("[package]\nname = \"a\"\n"), None);
    }
}
