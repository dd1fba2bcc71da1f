//! From the manuscript to a site, with mdBook as a library.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use mdbook_driver::MDBook;
use mdbook_driver::config::Config;
use mdbook_experiment::Experiments;

use crate::pages::RELOAD;
use crate::site::Site;

/// The folder that holds `book.toml`: this one or the nearest above it.
pub fn root() -> Result<PathBuf> {
    let here = std::env::current_dir().context("cannot tell the current folder")?;
    let root = here.ancestors().find(|folder| folder.join("book.toml").is_file());
    root.map(Path::to_owned)
        .with_context(|| format!("cannot find book.toml in `{}` or above it", here.display()))
}

/// Builds the book into a folder of its own below `target/`, where neither `mdbook build` nor
/// another lab is at work, and takes it from there into memory. `build` numbers the builds of this
/// process.
pub fn build(root: &Path, build: u64) -> Result<Site> {
    let target = root.join("target/lab");
    fs::create_dir_all(&target)
        .with_context(|| format!("cannot create the folder `{}`", target.display()))?;
    let folder = tempfile::tempdir_in(&target)
        .with_context(|| format!("cannot create a folder in `{}`", target.display()))?;

    let mut config = config(root)?;
    config.build.build_dir = folder.path().to_owned();
    // A page says which build it is of, and so never misses a newer one.
    config.set("output.html.live-reload-endpoint", format!("{RELOAD}?build={build}"))?;
    // Only the page for unknown addresses uses it, and here the site is the whole host.
    config.set("output.html.site-url", "/")?;

    let mut book = MDBook::load_with_config(root, config)?;
    // In place of the command of the same name in book.toml, and in its turn.
    book.with_preprocessor(Experiments);
    book.build()?;
    Site::read(build, &book.build_dir_for("html"))
}

/// The folders and files that the book is made of.
pub fn sources(root: &Path) -> BTreeSet<PathBuf> {
    let mut sources = BTreeSet::from([root.join("book.toml")]);
    // With a mistake in book.toml, the next change to hear of is the one that mends it.
    let Ok(config) = config(root) else { return sources };
    let html = config.html_config().unwrap_or_default();
    sources.insert(root.join(&config.book.src));
    sources.insert(html.theme_dir(root));
    sources.extend(config.build.extra_watch_dirs.iter().map(|folder| root.join(folder)));
    sources.extend(html.additional_css.iter().map(|file| root.join(file)));
    sources.extend(html.additional_js.iter().map(|file| root.join(file)));
    sources
}

fn config(root: &Path) -> Result<Config> {
    let mut config = Config::from_disk(root.join("book.toml"))?;
    config.update_from_env()?;
    Ok(config)
}
