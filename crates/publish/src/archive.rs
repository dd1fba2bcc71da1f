//! The whole book in one file, for where there is no network.
//!
//! A service worker would do it unasked: it fetches every page for a reader who came for one, keeps
//! the last edition until it has been visited again, and needs a host. An archive is fetched by who
//! wants it, can be handed on, and opens from a folder as it would from a server.

use std::fs;
use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// What the archive unpacks into.
const FOLDER: &str = "taking-turns";

/// For servers alone.
const LEFT_OUT: [&str; 2] = [".nojekyll", "404.html"];

/// The files below `folder` as an archive: the same bytes for the same files.
pub(crate) fn of(folder: &Path) -> Result<Vec<u8>> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    // Neither a time nor the order of a folder is part of the book.
    let options = SimpleFileOptions::default().last_modified_time(zip::DateTime::default());
    for path in files(folder)? {
        let name = path.strip_prefix(folder)?.to_string_lossy().replace('\\', "/");
        if LEFT_OUT.contains(&name.as_str()) {
            continue;
        }
        archive.start_file(format!("{FOLDER}/{name}"), options)?;
        archive.write_all(&fs::read(&path)?)?;
    }
    Ok(archive.finish()?.into_inner())
}

fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let cannot = || format!("cannot read `{}`", folder.display());
    let mut entries: Vec<_> = fs::read_dir(folder)
        .and_then(|entries| entries.map(|entry| entry.map(|entry| entry.path())).collect())
        .with_context(cannot)?;
    entries.sort();
    let mut found = Vec::new();
    for entry in entries {
        if entry.is_dir() {
            found.extend(files(&entry)?);
        } else {
            found.push(entry);
        }
    }
    Ok(found)
}
