//! mdBook's own `include`, `rustdoc_include` and `playground`, read the way
//! mdBook reads them, because it passes over what they lack in silence: a
//! missing file leaves its directive in the page, a missing anchor leaves a gap.

use std::path::{Component, Path, PathBuf};
use std::sync::LazyLock;

use regex::Regex;

use crate::directives;
use crate::page::{Page, line};
use crate::problem::Problem;

/// A page with its includes in place.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Expanded {
    /// Its Markdown.
    pub text: String,
    /// For each line of `text`, the line of the page that it comes from, from 1.
    pub lines: Vec<usize>,
}

/// mdBook gives up at this depth too.
const DEEPEST: usize = 10;

// mdBook's own expression: an escape reaches to the last braces of its line.
static LINK: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?P<escape>\\\{\{#.*\}\})|\{\{\s*#(?P<kind>[a-zA-Z0-9_]+)\s+(?P<rest>[^}]+)\}\}")
        .expect("a regular expression")
});
static ANCHOR_START: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"ANCHOR:\s*([\w_-]+)").expect("a regular expression"));
static ANCHOR_END: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"ANCHOR_END:\s*([\w_-]+)").expect("a regular expression"));

/// Expands `page`, whose book is in `root`.
pub(crate) fn expand(page: &Page, root: &Path, problems: &mut Vec<Problem>) -> Expanded {
    let mut expansion = Expansion { root, out: Expanded::default(), faults: Vec::new() };
    expansion.out.lines.push(1);
    expansion.all(page.text, &page.folder, None, 0);
    let faults = expansion.faults.into_iter().map(|(line, message)| Problem {
        file: page.file.clone(),
        line,
        message,
    });
    problems.extend(faults);
    expansion.out
}

struct Expansion<'a> {
    root: &'a Path,
    out: Expanded,
    faults: Vec<(usize, String)>,
}

impl Expansion<'_> {
    /// Adds `text`, which is the page itself, or comes from its line `from`.
    fn all(&mut self, text: &str, folder: &Path, from: Option<usize>, depth: usize) {
        let mut at = 0;
        for captures in LINK.captures_iter(text) {
            let whole = captures.get(0).expect("the whole match");
            let here = from.unwrap_or_else(|| line(text, whole.start()));
            self.push(&text[at..whole.start()], from.is_none());
            at = whole.end();
            let Some(kind) = captures.name("kind") else {
                self.push(&whole.as_str()[1..], from.is_none());
                continue;
            };
            match read(kind.as_str(), &captures["rest"], folder) {
                None => self.push(whole.as_str(), from.is_none()),
                Some(Err((path, message))) => {
                    self.faults.push((here, message.replace("{}", &self.shown(&path))));
                }
                Some(Ok(_)) if depth == DEEPEST => {
                    self.faults.push((here, format!("`{}` includes itself", whole.as_str())));
                }
                Some(Ok((path, included))) => {
                    if path.extension().is_some_and(|extension| extension == "md")
                        && let Some(name) = directives::first_of_ours(&included)
                    {
                        let path = self.shown(&path);
                        let message =
                            format!("`{path}` uses `{name}`, which only a page itself can");
                        self.faults.push((here, message));
                    }
                    let folder = path.parent().unwrap_or(folder).to_owned();
                    self.all(&included, &folder, Some(here), depth + 1);
                }
            }
        }
        self.push(&text[at..], from.is_none());
    }

    fn push(&mut self, text: &str, advances: bool) {
        self.out.text.push_str(text);
        let mut line = *self.out.lines.last().expect("there is a first line");
        for _ in text.matches('\n') {
            line += usize::from(advances);
            self.out.lines.push(line);
        }
    }

    /// `path` from the book's root, without `..` where there can be none.
    fn shown(&self, path: &Path) -> String {
        let mut plain = PathBuf::new();
        for part in path.components() {
            match part {
                Component::ParentDir => {
                    plain.pop();
                }
                Component::CurDir => {}
                part => plain.push(part),
            }
        }
        plain.strip_prefix(self.root).unwrap_or(&plain).display().to_string().replace('\\', "/")
    }
}

/// The file that a directive names and what it takes from it; `None` if it
/// names none. In the error `{}` stands for the file.
type Read = Result<(PathBuf, String), (PathBuf, String)>;

fn read(kind: &str, rest: &str, folder: &Path) -> Option<Read> {
    let mut words = rest.split_whitespace();
    let target = words.next()?;
    let (file, part) = match kind {
        "include" | "rustdoc_include" => match target.split_once(':') {
            Some((file, part)) => (file, Some(part)),
            None => (target, None),
        },
        "playground" | "playpen" => (target, None),
        "title" => return Some(Ok((folder.join("title"), String::new()))),
        _ => return None,
    };
    let path = folder.join(file);
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) => return Some(Err((path, format!("`{kind}` cannot read `{{}}`: {error}")))),
    };
    let taken = match kind {
        "playground" | "playpen" => {
            let attributes: Vec<&str> = ["rust"].into_iter().chain(words).collect();
            format!("```{}\n{}\n```\n", attributes.join(","), text.trim_end_matches('\n'))
        }
        _ => match take(&text, part, kind == "rustdoc_include") {
            Some(taken) => taken,
            None => {
                let anchor = part.unwrap_or_default();
                return Some(Err((path, format!("`{{}}` has no anchor `{anchor}`"))));
            }
        },
    };
    Some(Ok((path, taken)))
}

/// The lines of `text` that `part` names: a range, an anchor, or all. The
/// others stay as hidden lines if `hide`. `None` if there is no such anchor.
fn take(text: &str, part: Option<&str>, hide: bool) -> Option<String> {
    let keep: Vec<Option<bool>> = match range(part) {
        // Comments that mark anchors are dropped, unless lines are counted.
        None => anchored(text, part.unwrap_or_default())?,
        Some((first, last)) => {
            (0..text.lines().count()).map(|line| Some((first..last).contains(&line))).collect()
        }
    };
    let lines = text.lines().zip(keep).filter_map(|(line, keep)| match keep {
        Some(true) => Some(line.to_owned()),
        Some(false) if hide => Some(format!("# {line}")),
        _ => None,
    });
    Some(lines.collect::<Vec<_>>().join("\n"))
}

/// For each line whether it is within `anchor`; `None` for a comment that
/// marks one.
fn anchored(text: &str, anchor: &str) -> Option<Vec<Option<bool>>> {
    let named = |captures: Option<regex::Captures>| captures.map(|c| c[1] == *anchor);
    let (mut inside, mut found) = (false, false);
    let keep = text.lines().map(|line| {
        match (named(ANCHOR_START.captures(line)), named(ANCHOR_END.captures(line))) {
            (None, None) => return Some(inside),
            (Some(true), _) => (inside, found) = (true, true),
            (_, Some(true)) => inside = false,
            _ => {}
        }
        None
    });
    let keep = keep.collect();
    found.then_some(keep)
}

/// The lines, from 0 and to the one after the last, if `part` is not an anchor.
fn range(part: Option<&str>) -> Option<(usize, usize)> {
    let mut ends = part.unwrap_or_default().splitn(3, ':');
    let first = ends.next().unwrap_or_default();
    let first = match first.parse::<usize>() {
        Ok(first) => Some(first.saturating_sub(1)),
        Err(_) if first.is_empty() => None,
        Err(_) => return None,
    };
    Some(match (first, ends.next().map(str::parse::<usize>)) {
        (first, Some(Ok(last))) => (first.unwrap_or(0), last),
        (Some(first), None) => (first, first + 1),
        (first, _) => (first.unwrap_or(0), usize::MAX),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "a\n// ANCHOR: x\nb\n// ANCHOR_END: x\nc";

    #[test]
    fn parts_are_taken_as_mdbook_takes_them() {
        for (part, hide, taken) in [
            (None, false, TEXT),
            (Some("3"), false, "b"),
            (Some("3:"), false, "b\n// ANCHOR_END: x\nc"),
            (Some(":1"), false, "a"),
            (Some("1:2"), false, "a\n// ANCHOR: x"),
            (Some("x"), false, "b"),
            (Some("x"), true, "# a\nb\n# c"),
            (Some("1"), true, "a\n# // ANCHOR: x\n# b\n# // ANCHOR_END: x\n# c"),
        ] {
            assert_eq!(take(TEXT, part, hide).as_deref(), Some(taken), "{part:?}");
        }
        assert_eq!(take(TEXT, Some("y"), false), None);
    }

    #[test]
    fn a_line_knows_where_it_comes_from() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/good/book");
        let page = Page {
            name: "",
            file: "book/page.md".to_owned(),
            path: Path::new("page.md"),
            folder: folder.clone(),
            text: "one\n{{#include included.rs:2:3}}\n\\{{#include none.rs}}\n{{#include none.rs}}\n",
        };
        let mut problems = Vec::new();
        let expanded = expand(&page, folder.parent().unwrap(), &mut problems);
        assert_eq!(expanded.lines, [1, 2, 2, 3, 4, 5]);
        assert!(expanded.text.contains("\n{{#include none.rs}}\n"));
        assert_eq!(problems.len(), 1);
        let message = problems[0].to_string();
        assert!(message.starts_with("book/page.md:4: `include` cannot read `book/none.rs`: "));
    }
}
