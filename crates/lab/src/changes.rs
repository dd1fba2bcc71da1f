//! Changes to the files that the book is made of.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result};
use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher};
use tokio::sync::mpsc;
use tokio::time::timeout;

use crate::book;

/// One save is several events, and saving all files is many: the book is built when nothing more
/// has come for this long. A reader does not notice it.
const QUIET: Duration = Duration::from_millis(50);

/// Watches the sources of the book, those too that `book.toml` comes to name.
pub struct Changes {
    root: PathBuf,
    watcher: RecommendedWatcher,
    watched: BTreeSet<PathBuf>,
    events: mpsc::UnboundedReceiver<PathBuf>,
}

impl Changes {
    /// `root` is the folder of `book.toml`.
    pub fn watch(root: &Path) -> Result<Changes> {
        let (sender, events) = mpsc::unbounded_channel();
        let watcher = notify::recommended_watcher(move |event: notify::Result<Event>| {
            // Reading is no change, and building reads.
            let paths = match event {
                Ok(event) if !matches!(event.kind, EventKind::Access(_)) => event.paths,
                _ => Vec::new(),
            };
            for path in paths {
                let _ = sender.send(path);
            }
        })
        .context("cannot watch files for changes")?;
        let watched = BTreeSet::new();
        let mut changes = Changes { root: root.to_owned(), watcher, watched, events };
        changes.watch_sources()?;
        Ok(changes)
    }

    /// Waits for a change and then for quiet. Returns the first file that changed, relative to the
    /// root.
    pub async fn next(&mut self) -> Result<PathBuf> {
        let changed = loop {
            let path = self.events.recv().await.context("the watch on the book's files ended")?;
            if self.is_source(&path) {
                break path;
            }
        };
        while let Ok(Some(_)) = timeout(QUIET, self.events.recv()).await {}
        self.watch_sources()?;
        Ok(changed.strip_prefix(&self.root).unwrap_or(&changed).to_owned())
    }

    /// Watches what is not watched yet; a folder that is missing is looked for again next time.
    fn watch_sources(&mut self) -> Result<()> {
        let sources = book::sources(&self.root);
        for source in &sources {
            // Editors replace a file by another of its name, which only its folder gets to know.
            let (folder, mode) = match source.is_dir() {
                true => (source.as_path(), RecursiveMode::Recursive),
                false => (source.parent().unwrap_or(source), RecursiveMode::NonRecursive),
            };
            let within = |other: &PathBuf| other != source && source.starts_with(other);
            let watched = self.watched.contains(source) || sources.iter().any(within);
            if folder.is_dir() && !watched {
                self.watcher
                    .watch(folder, mode)
                    .with_context(|| format!("cannot watch `{}`", folder.display()))?;
                self.watched.insert(source.clone());
            }
        }
        Ok(())
    }

    fn is_source(&self, path: &Path) -> bool {
        let Some(source) = self.watched.iter().find(|source| path.starts_with(source)) else {
            return false;
        };
        let below = path.strip_prefix(source).expect("it was found by this prefix");
        !below.iter().any(is_litter)
    }
}

/// What editors and interpreters leave beside the files that one works on.
fn is_litter(name: &OsStr) -> bool {
    let name = name.to_string_lossy();
    name.starts_with('.') || name.ends_with('~') || name == "__pycache__" || name == "4913"
}
