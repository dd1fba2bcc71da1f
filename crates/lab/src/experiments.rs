//! The experiments there are, and how far each is built.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::SystemTime;

use serde_json::{Value, json};

use crate::description::Description;

/// All experiments: the folders of `examples/` with a `main.rs`.
#[derive(Debug)]
pub struct Experiments {
    root: PathBuf,
    built: Mutex<BTreeMap<String, (Sources, Built)>>,
}

/// How far an experiment is built, of the sources that stand beside it.
#[derive(Clone, Debug)]
enum Built {
    Compiling,
    Ready(Arc<Ready>),
    /// Why it cannot be, in one line.
    Failed(String),
}

/// An experiment that can be run.
#[derive(Debug)]
pub struct Ready {
    pub executable: PathBuf,
    pub description: Description,
    /// All that it says of itself.
    pub described: Value,
}

/// The state of all files that an experiment is built from: one that changes gets a newer time,
/// one that goes changes the number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sources {
    files: usize,
    newest: Option<SystemTime>,
}

impl Experiments {
    /// `root` is the folder that holds `examples/`.
    pub fn new(root: &Path) -> Experiments {
        Experiments { root: root.to_owned(), built: Mutex::default() }
    }

    /// The folder in which everything is built and run.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Whether there is an experiment of this name, which may be anything.
    pub fn has(&self, name: &str) -> bool {
        is_name(name) && self.folder(name).join("main.rs").is_file()
    }

    /// Their names.
    pub fn names(&self) -> Vec<String> {
        let folders = fs::read_dir(self.root.join("examples")).into_iter().flatten().flatten();
        let names = folders.filter_map(|folder| folder.file_name().into_string().ok());
        let mut names: Vec<_> = names.filter(|name| self.has(name)).collect();
        names.sort();
        names
    }

    /// The experiment, if it is built from its sources as they are now.
    pub fn ready(&self, name: &str) -> Option<Arc<Ready>> {
        match self.now(name) {
            Some(Built::Ready(ready)) => Some(ready),
            _ => None,
        }
    }

    /// Why it could not be built from its sources as they are now.
    pub fn problem(&self, name: &str) -> Option<String> {
        match self.now(name) {
            Some(Built::Failed(problem)) => Some(problem),
            _ => None,
        }
    }

    /// Whether nobody has tried yet to build it from its sources as they are now.
    pub fn is_waiting(&self, name: &str) -> bool {
        self.now(name).is_none()
    }

    /// What a page is told of an experiment.
    pub fn state(&self, name: &str) -> Value {
        let (state, problem, description) = match self.now(name) {
            None => ("waiting", None, Value::Null),
            Some(Built::Compiling) => ("compiling", None, Value::Null),
            Some(Built::Ready(ready)) => ("ready", None, ready.described.clone()),
            Some(Built::Failed(problem)) => ("failed", Some(problem), Value::Null),
        };
        json!({
            "experiment": name, "state": state, "problem": problem, "description": description,
        })
    }

    /// The build of `name` begins. Returns the sources that it will be of.
    pub fn begin(&self, name: &str) -> Sources {
        let sources = self.sources(name);
        self.set(name, sources, Built::Compiling);
        sources
    }

    /// The build of `name` from `sources` is done, for good or ill.
    pub fn done(&self, name: &str, sources: Sources, built: Result<Ready, String>) {
        let built = match built {
            Ok(ready) => Built::Ready(Arc::new(ready)),
            Err(problem) => Built::Failed(problem),
        };
        self.set(name, sources, built);
    }

    /// What is still compiling was interrupted, and waits again.
    pub fn give_up(&self) {
        let mut built = self.built.lock().expect("no holder panics");
        built.retain(|_, (_, built)| !matches!(built, Built::Compiling));
    }

    fn now(&self, name: &str) -> Option<Built> {
        let (sources, built) = self.built.lock().expect("no holder panics").get(name)?.clone();
        (matches!(built, Built::Compiling) || sources == self.sources(name)).then_some(built)
    }

    fn set(&self, name: &str, sources: Sources, state: Built) {
        let mut built = self.built.lock().expect("no holder panics");
        built.insert(name.to_owned(), (sources, state));
    }

    fn folder(&self, name: &str) -> PathBuf {
        self.root.join("examples").join(name)
    }

    fn sources(&self, name: &str) -> Sources {
        let mut sources = Sources { files: 0, newest: None };
        for path in [
            self.folder(name),
            self.root.join("src"),
            self.root.join("Cargo.toml"),
            self.root.join("Cargo.lock"),
        ] {
            sources.add(&path);
        }
        sources
    }
}

impl Sources {
    fn add(&mut self, path: &Path) {
        let Ok(metadata) = fs::metadata(path) else { return };
        if metadata.is_dir() {
            // Twins and schedules are compiled in; the record is not, nor is what Python leaves.
            let entries = fs::read_dir(path).into_iter().flatten().flatten();
            let source =
                |path: &PathBuf| !path.ends_with("recorded.json") && !path.ends_with("__pycache__");
            entries.map(|entry| entry.path()).filter(source).for_each(|path| self.add(&path));
        } else {
            self.files += 1;
            self.newest = self.newest.max(metadata.modified().ok());
        }
    }
}

/// Names are those of Rust's modules: no path leads anywhere else.
fn is_name(name: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    !name.is_empty() && name.len() <= 64 && name.bytes().all(allowed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn book() -> (tempfile::TempDir, Experiments) {
        let root = tempfile::tempdir().unwrap();
        for file in ["examples/race/main.rs", "examples/race/race.rs", "examples/idea/idea.rs"] {
            let path = root.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "").unwrap();
        }
        let experiments = Experiments::new(root.path());
        (root, experiments)
    }

    #[test]
    fn an_experiment_is_a_folder_with_a_main_file() {
        let (_root, experiments) = book();
        assert_eq!(experiments.names(), ["race"]);
        assert!(experiments.has("race"));
        for name in ["idea", "", ".", "..", "../examples/race", "race/", "Race", "ra\0ce", "--help"]
        {
            assert!(!experiments.has(name), "{name}");
        }
    }

    #[test]
    fn what_is_built_is_built_again_when_its_sources_change() {
        let (root, experiments) = book();
        assert!(experiments.is_waiting("race"));
        let sources = experiments.begin("race");
        assert_eq!(experiments.state("race")["state"], "compiling");
        experiments.done("race", sources, Err("no".to_owned()));
        assert_eq!(experiments.problem("race").as_deref(), Some("no"));
        fs::write(root.path().join("examples/race/recorded.json"), "").unwrap();
        assert!(!experiments.is_waiting("race"));
        fs::remove_file(root.path().join("examples/race/race.rs")).unwrap();
        assert!(experiments.is_waiting("race"));
        assert_eq!(experiments.state("race")["state"], "waiting");
    }

    #[test]
    fn what_is_interrupted_waits_again() {
        let (_root, experiments) = book();
        experiments.begin("race");
        experiments.give_up();
        assert!(experiments.is_waiting("race"));
    }
}
