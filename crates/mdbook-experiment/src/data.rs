//! Files of data that pages show.

use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;

use crate::directives::{Directive, Found};
use crate::page::{self, Page};
use crate::problem::Problem;

/// What a file says, and the page that asked for it.
pub(crate) struct Data<T> {
    /// The page, from the manuscript's root.
    pub page: PathBuf,
    /// The file, from the book's root.
    pub file: String,
    /// The file as it is written.
    pub text: String,
    /// The same, read.
    pub value: T,
}

impl<T: DeserializeOwned> Data<T> {
    /// Reads the TOML file `name` beside the first of `pages` that has `directive`.
    pub fn beside(
        pages: &[(&Page, Vec<Found>)],
        directive: &Directive,
        name: &str,
        problems: &mut Vec<Problem>,
    ) -> Option<Data<T>> {
        let (page, line) = asked(pages, |found| found.directive == *directive)?;
        let file = Path::new(&page.file).with_file_name(name).to_string_lossy().replace('\\', "/");
        Data::read(&page.folder.join(name), file, page, line, problems)
    }

    /// Reads the TOML file `file` of the book at `root` if one of `pages` asks for it.
    pub fn of_root(
        root: &Path,
        file: &str,
        pages: &[(&Page, Vec<Found>)],
        asks: impl Fn(&Found) -> bool,
        problems: &mut Vec<Problem>,
    ) -> Option<Data<T>> {
        let (page, line) = asked(pages, asks)?;
        Data::read(&root.join(file), file.to_owned(), page, line, problems)
    }

    /// Reads the file at `path`, called `file`, for which `page` asks in `line`.
    fn read(
        path: &Path,
        file: String,
        page: &Page,
        line: usize,
        problems: &mut Vec<Problem>,
    ) -> Option<Data<T>> {
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) => {
                let message = format!("cannot read `{file}`: {error}");
                problems.push(Problem { file: page.file.clone(), line, message });
                return None;
            }
        };
        match toml::from_str(&text) {
            Ok(value) => Some(Data { page: page.path.to_owned(), file, text, value }),
            Err(error) => {
                let line = page::line(&text, error.span().map_or(0, |span| span.start));
                problems.push(Problem { file, line, message: error.message().to_owned() });
                None
            }
        }
    }
}

impl<T> Data<T> {
    /// A problem at the first line of the file for which `is_line` is true.
    pub fn problem(&self, is_line: impl Fn(&str) -> bool, message: String) -> Problem {
        let line = self.text.lines().position(is_line).map_or(1, |index| index + 1);
        Problem { file: self.file.clone(), line, message }
    }
}

/// The first of `pages` with a directive that `asks`, and its line.
fn asked<'p, 'a>(
    pages: &'p [(&Page<'a>, Vec<Found>)],
    asks: impl Fn(&Found) -> bool,
) -> Option<(&'p Page<'a>, usize)> {
    pages.iter().find_map(|(page, all)| Some((*page, all.iter().find(|found| asks(found))?.line)))
}
