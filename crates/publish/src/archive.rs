//! The whole book in one file, for where there is no network.
//!
//! A service worker would do it unasked: it fetches every page for a reader who came for one, keeps
//! the last edition until it has been visited again, and needs a host. An archive is fetched by who
//! wants it, can be handed on, and opens from a folder as it would from a server.

use std::fs;
use std::io::{Cursor, Write};
use std::path::Path;

use anyhow::{Context, Result};
use walkdir::WalkDir;
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
    for entry in WalkDir::new(folder).sort_by_file_name() {
        let entry = entry.context("cannot read the site")?;
        if entry.file_type().is_dir() {
            continue;
        }
        let path = entry.path();
        let name = path.strip_prefix(folder)?.to_string_lossy().replace('\\', "/");
        if LEFT_OUT.contains(&name.as_str()) {
            continue;
        }
        archive.start_file(format!("{FOLDER}/{name}"), options)?;
        archive.write_all(&fs::read(path)?)?;
    }
    Ok(archive.finish()?.into_inner())
}
