//! Images of pages, which rustdoc reads in their place, and what it says of them.

use std::fmt::Write;
use std::path::PathBuf;
use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::Snippet;

/// A module with each snippet of a page at its lines, as far as includes allow.
pub fn image_of(page: &[Snippet]) -> String {
    let mut image = String::new();
    for snippet in page {
        let here = image.lines().count() + 1;
        image.push_str(&"//!\n".repeat(snippet.line.saturating_sub(here)));
        let longest = snippet.code.split(|c| c != '`').map(str::len).max().unwrap_or(0);
        let fence = "`".repeat(3.max(longest + 1));
        let attributes = snippet.attributes.join(",");
        let _ = writeln!(image, "//! {fence}{attributes}");
        for line in snippet.code.lines() {
            let _ = writeln!(image, "//! {line}");
        }
        let _ = writeln!(image, "//! {fence}");
    }
    image
}

/// The lines of images, and of the pages that they are images of.
pub struct Names {
    /// For each image its name as rustdoc writes it, its page, and for each
    /// of its lines the page's line.
    images: Vec<(String, String, Vec<usize>)>,
}

static PLACE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?P<path>[^\s:]*page(?P<image>\d+)\.rs)(?: - page\d+ \(line |:)(?P<line>\d+)\)?")
        .expect("a regular expression")
});
static RESULT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?m)^test (?P<name>.*?)(?: - (?:should panic|compile fail|compile))* \.\.\. (?P<result>\w+)")
        .expect("a regular expression")
});

impl Names {
    pub fn new(images: &[(PathBuf, Vec<&Snippet>)]) -> Names {
        let images = images.iter().map(|(path, snippets)| {
            let mut lines: Vec<usize> = Vec::new();
            for snippet in snippets {
                let blank = snippet.line.saturating_sub(lines.len() + 1);
                lines.extend(lines.len() + 1..=lines.len() + blank);
                lines.push(snippet.line);
                let code = (1..=snippet.code.lines().count()).map(|line| snippet.line_of(line));
                lines.extend(code);
                lines.push(snippet.line);
            }
            (path.display().to_string(), snippets[0].file.clone(), lines)
        });
        Names { images: images.collect() }
    }

    fn place(&self, captures: &Captures) -> Option<(String, usize)> {
        let (_, file, lines) = self.images.get(captures["image"].parse::<usize>().ok()?)?;
        let line: usize = captures["line"].parse().ok()?;
        Some((file.clone(), lines.get(line.checked_sub(1)?).copied().unwrap_or(line)))
    }

    /// `text` with places on pages instead of places in images.
    pub fn translate(&self, text: &str) -> String {
        let replaced = PLACE.replace_all(text, |captures: &Captures| match self.place(captures) {
            Some((file, line)) => format!("{file}:{line}"),
            None => captures[0].to_owned(),
        });
        replaced.into_owned()
    }

    /// How many tests were run.
    pub fn ran(&self, report: &str) -> usize {
        RESULT.captures_iter(report).filter(|result| PLACE.is_match(&result["name"])).count()
    }

    /// Pages and lines of the snippets that failed.
    pub fn failed(&self, report: &str) -> Vec<(String, usize)> {
        RESULT
            .captures_iter(report)
            .filter(|result| &result["result"] == "FAILED")
            .filter_map(|result| self.place(&PLACE.captures(&result["name"])?))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::snippet;
    use super::*;

    #[test]
    fn an_image_has_a_snippet_where_its_page_has_it() {
        let image = image_of(&[snippet("let a = 1;\n")]);
        assert_eq!(image.lines().nth(6), Some("//! ```rust"));
        assert_eq!(image.lines().nth(7), Some("//! let a = 1;"));
    }

    #[test]
    fn places_in_images_become_places_on_pages() {
        let snippet = snippet("let a = 1;\n");
        let names = Names::new(&[(PathBuf::from("target/snippets/x/page0.rs"), vec![&snippet])]);
        let report = "test target/snippets/x/page0.rs - page0 (line 7) - compile fail ... FAILED\n\
                      --> target/snippets/x/page0.rs:8:5";
        assert_eq!(names.failed(report), [("book/page.md".to_owned(), 7)]);
        assert_eq!(names.ran(report), 1);
        assert!(names.translate(report).contains("--> book/page.md:8:5"));
        assert!(names.translate(report).starts_with("test book/page.md:7 - compile fail"));
    }
}
