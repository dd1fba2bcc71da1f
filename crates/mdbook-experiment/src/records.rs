//! The recorded runs that the book speaks of.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use taking_turns::report::{Report, Source};

/// The record of each experiment that the book names, read once.
pub(crate) struct Records {
    root: PathBuf,
    read: BTreeMap<String, Option<Report>>,
}

impl Records {
    /// Records in `examples/` of `root`; none is read yet.
    pub fn new(root: &Path) -> Records {
        Records { root: root.to_owned(), read: BTreeMap::new() }
    }

    /// Reads the record of `name`, unless that was done before. The error says
    /// why it cannot be used, and is given only the first time.
    pub fn read(&mut self, name: &str) -> Result<(), String> {
        if self.read.contains_key(name) {
            return Ok(());
        }
        let record = self.fresh(name);
        let (record, result) = match record {
            Ok(record) => (Some(record), Ok(())),
            Err(message) => (None, Err(message)),
        };
        self.read.insert(name.to_owned(), record);
        result
    }

    /// The record of `name`, if [`Records::read`] found one to use.
    pub fn get(&self, name: &str) -> Option<&Report> {
        self.read.get(name)?.as_ref()
    }

    /// The folder of the experiment `name`, if there is such an experiment.
    pub fn folder(&self, name: &str) -> Result<PathBuf, String> {
        let plain = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_');
        let folder = self.root.join("examples").join(name);
        if plain && folder.is_dir() {
            Ok(folder)
        } else {
            Err(format!("there is no experiment `{name}` in examples/"))
        }
    }

    /// The names of all experiments that have a record.
    pub fn all(&self) -> Result<Vec<String>, String> {
        let examples = self.root.join("examples");
        let entries = std::fs::read_dir(&examples)
            .and_then(Iterator::collect::<Result<Vec<_>, _>>)
            .map_err(|error| format!("cannot read `examples`: {error}"))?;
        let recorded = entries.iter().filter(|entry| entry.path().join("recorded.json").exists());
        let mut names: Vec<_> =
            recorded.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        Ok(names)
    }

    fn fresh(&self, name: &str) -> Result<Report, String> {
        let folder = self.folder(name)?;
        let report = Report::recorded(&folder, name).map_err(|e| self.relative(&e))?;
        let twins = report.twins.iter().map(|twin| &twin.source);
        for source in [&report.source].into_iter().chain(twins) {
            let now = source.again(&folder).map_err(|e| {
                format!("the record of `{name}` is stale: {}; {}", self.relative(&e), again(name))
            })?;
            if now != *source {
                return Err(format!(
                    "the record of `{name}` is stale: {} changed since; {}",
                    files(name, source),
                    again(name)
                ));
            }
        }
        Ok(report)
    }

    /// The error in one line, with paths from the book's root.
    fn relative(&self, error: &anyhow::Error) -> String {
        let root = format!("{}{}", self.root.display(), std::path::MAIN_SEPARATOR);
        format!("{error:#}").replace(&root, "")
    }
}

fn again(name: &str) -> String {
    format!("run scripts/record {name}")
}

/// A hash over several files does not tell which of them changed.
fn files(name: &str, source: &Source) -> String {
    let files: Vec<_> = source.files.iter().map(|file| format!("examples/{name}/{file}")).collect();
    files.join(" or ")
}
