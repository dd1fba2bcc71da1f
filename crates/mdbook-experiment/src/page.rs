//! A page of the manuscript.

use std::path::{Path, PathBuf};

use mdbook_preprocessor::book::Chapter;

/// A page as its author wrote it.
pub(crate) struct Page<'a> {
    /// From the book's root, for messages: `book/races/race_condition.md`.
    pub file: String,
    /// From the manuscript's root, for links: `races/race_condition.md`.
    pub path: &'a Path,
    /// What the contents call it.
    pub name: &'a str,
    /// The folder that it is in.
    pub folder: PathBuf,
    /// Its Markdown.
    pub text: &'a str,
}

impl<'a> Page<'a> {
    /// The page of `chapter`; `src` is the manuscript's folder within `root`.
    /// A draft, or a chapter that no file holds, has none.
    pub fn new(chapter: &'a Chapter, root: &Path, src: &Path) -> Option<Page<'a>> {
        let source = chapter.source_path.as_deref()?;
        Some(Page {
            file: src.join(source).to_string_lossy().replace('\\', "/"),
            path: chapter.path.as_deref()?,
            name: &chapter.name,
            folder: root.join(src).join(source.parent()?),
            text: &chapter.content,
        })
    }

    /// The line, from 1, on which the byte at `offset` is.
    pub fn line(&self, offset: usize) -> usize {
        line(self.text, offset)
    }
}

/// The line, from 1, on which the byte of `text` at `offset` is.
pub(crate) fn line(text: &str, offset: usize) -> usize {
    1 + text[..offset].matches('\n').count()
}
