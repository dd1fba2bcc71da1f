//! Code of an experiment, marked with its file.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::LazyLock;

use maud::html;
use regex::Regex;

use crate::source::Source;
use crate::value::unbroken;

static ANCHOR: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"ANCHOR(?P<end>_END)?:\s*(?P<name>[\w-]+)").expect("a regular expression")
});

/// The twin's code beside the experiment's, or on its own.
static OF_A_TWIN: LazyLock<Regex> = LazyLock::new(|| {
    let figure = r#"(?P<beside></figure>\n)?<figure(?P<rest>[^>]* data-language="Python">\n(?P<caption><figcaption>.*</figcaption>))"#;
    Regex::new(figure).expect("a regular expression")
});

/// On paper a listing of more lines than these, a quarter of a page, may go on overleaf.
const LONGEST_WHOLE: usize = 16;

/// A part of a file.
#[derive(Debug, PartialEq)]
pub(crate) struct Excerpt {
    /// The lines, without anchor comments and with their common indent removed.
    pub code: String,
    /// Its first and last line in the file, from 1.
    pub lines: (usize, usize),
}

/// The lines of `text` between the comments of `anchor`, or all of them.
/// `None` if the anchor is not there; an error if it is never closed, or if
/// nothing is left.
pub(crate) fn excerpt(text: &str, anchor: Option<&str>) -> Result<Option<Excerpt>, String> {
    let mut inside = anchor.is_none();
    let mut closed = anchor.is_none();
    let mut found = anchor.is_none();
    let mut kept: Vec<(usize, &str)> = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        match ANCHOR.captures(line) {
            None if inside => kept.push((number, line)),
            None => {}
            Some(captures) if Some(&captures["name"]) == anchor => {
                inside = captures.name("end").is_none();
                found |= inside;
                closed |= !inside;
            }
            Some(_) => {}
        }
    }
    if !found {
        return Ok(None);
    }
    if !closed {
        return Err("is never closed by an ANCHOR_END".to_owned());
    }
    let blank = |(_, line): &(usize, &str)| line.trim().is_empty();
    let Some(first) = kept.iter().position(|line| !blank(line)) else {
        return Err("is empty".to_owned());
    };
    let last = kept.iter().rposition(|line| !blank(line)).unwrap_or(first);
    let kept = &kept[first..=last];
    let indents = kept.iter().filter(|line| !blank(line));
    let indent = indents.map(|(_, line)| line.len() - line.trim_start().len()).min().unwrap_or(0);
    let code: Vec<&str> = kept.iter().map(|(_, line)| line.get(indent..).unwrap_or("")).collect();
    let lines = (kept[0].0, kept[kept.len() - 1].0);
    Ok(Some(Excerpt { code: code.join("\n"), lines }))
}

/// The listing as Markdown: the code in a fence, for mdBook to highlight, in a
/// figure that names its file; and the twin's code beside it, if `twin.py` has
/// the same anchor and it is not to stand `alone`. All of it is folded behind
/// `title`, if there is one.
pub(crate) fn render(
    folder: &Path,
    source: &Source,
    name: &str,
    file: &str,
    anchor: Option<&str>,
    alone: bool,
    title: Option<&str>,
) -> Result<String, String> {
    let path = format!("examples/{name}/{file}");
    let read = |file: &str| std::fs::read_to_string(folder.join(file));
    if Path::new(file).components().any(|part| !matches!(part, std::path::Component::Normal(_))) {
        return Err(format!("`{file}` is not a file of the experiment `{name}`"));
    }
    let text = read(file).map_err(|e| format!("cannot read `{path}`: {e}"))?;
    let wanted = anchor.map_or(format!("`{path}`"), |anchor| format!("`{anchor}` of `{path}`"));
    let main = excerpt(&text, anchor)
        .map_err(|what| format!("the listing {wanted} {what}"))?
        .ok_or_else(|| format!("`{path}` has no anchor `{}`", anchor.unwrap_or_default()))?;
    let mut figures = figure(source, &path, &main, anchor.is_some());
    let of_both = !alone && file != "twin.py";
    if let (Some(anchor), true, Ok(text)) = (anchor, of_both, read("twin.py")) {
        let path = format!("examples/{name}/twin.py");
        let twin = excerpt(&text, Some(anchor))
            .map_err(|what| format!("the listing `{anchor}` of `{path}` {what}"))?;
        if let Some(twin) = twin {
            figures.push_str(&figure(source, &path, &twin, true));
        }
    }
    let listing = format!("<div class=\"listing\">\n{figures}</div>\n");
    Ok(match title {
        Some(title) => fold(title, &main, &listing),
        None => listing,
    })
}

/// `listing` behind its title: code that may be passed over at first.
fn fold(title: &str, excerpt: &Excerpt, listing: &str) -> String {
    let (first, last) = excerpt.lines;
    let summary = html! { summary { (title) ", " (last - first + 1) " lines" } };
    format!("<details class=\"folded\">\n{}\n{listing}</details>\n", summary.into_string())
}

/// One file's code, in a fence, in a figure that names it and, where the source
/// is public, leads to it.
pub(crate) fn figure(source: &Source, path: &str, excerpt: &Excerpt, part: bool) -> String {
    // `ignore`, because Cargo compiles the file that this is a part of.
    let (language, fence_language) = match path.rsplit('.').next() {
        Some("rs") => ("Rust", "rust,ignore"),
        Some("py") => ("Python", "python"),
        Some("toml") => ("TOML", "toml"),
        Some("asm") => ("Assembly", "text"),
        _ => ("Text", "text"),
    };
    let lines = match excerpt.lines {
        _ if !part => String::new(),
        (first, last) if first == last => format!(", line {first}"),
        (first, last) => format!(", {}", unbroken(&format!("lines {first} to {last}"))),
    };
    let line = part.then_some(excerpt.lines.0);
    let caption = html! {
        figcaption {
            span.language { (language) } " "
            @match source.link(path, line) {
                Some(link) => a href=(link) { code { (path) } },
                None => code { (path) },
            }
            (lines)
        }
    };
    let fence = fence(&excerpt.code);
    let class = if excerpt.code.lines().count() > LONGEST_WHOLE { " class=\"long\"" } else { "" };
    format!(
        "<figure{class} data-language=\"{language}\">\n{}\n\n{fence}{fence_language}\n{}\n{fence}\n\n\
         </figure>\n",
        caption.into_string(),
        excerpt.code
    )
}

/// The page, with a mark at each figure of a twin's code that stands there once more: on its own,
/// or else earlier. On a screen the languages take one place, and what is beside costs none; on
/// paper, where all of them stand, each is wanted once.
pub(crate) fn once_on_paper(page: &str) -> String {
    let mut places: BTreeMap<&str, Vec<(usize, bool)>> = BTreeMap::new();
    for figure in OF_A_TWIN.captures_iter(page) {
        let rest = figure.name("rest").expect("not optional");
        let caption = figure.name("caption").expect("not optional").as_str();
        places.entry(caption).or_default().push((rest.start(), figure.name("beside").is_some()));
    }
    let mut repeated: Vec<usize> = Vec::new();
    for figures in places.values() {
        let kept = figures.iter().position(|(_, beside)| !beside).unwrap_or(0);
        repeated.extend(
            figures
                .iter()
                .map(|(at, _)| at)
                .enumerate()
                .filter_map(|(number, at)| (number != kept).then_some(*at)),
        );
    }
    repeated.sort_unstable();
    let mut marked = String::with_capacity(page.len());
    let mut from = 0;
    for at in repeated {
        marked.push_str(&page[from..at]);
        marked.push_str(" data-repeated");
        from = at;
    }
    marked + &page[from..]
}

/// More backticks than `code` has in a row.
fn fence(code: &str) -> String {
    let longest = code.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    "`".repeat(3.max(longest + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "\
//! Doc.
// ANCHOR: outer
fn outer() {
    // ANCHOR: inner

    inner();

    more();
    // ANCHOR_END: inner
}
// ANCHOR_END: outer
# ANCHOR: empty
# ANCHOR_END: empty
# ANCHOR: open
x
";

    #[test]
    fn an_excerpt_has_no_anchor_comments_and_no_common_indent() {
        let inner = excerpt(FILE, Some("inner")).unwrap().unwrap();
        assert_eq!(inner, Excerpt { code: "inner();\n\nmore();".to_owned(), lines: (6, 8) });
        let outer = excerpt(FILE, Some("outer")).unwrap().unwrap();
        assert_eq!(outer.code, "fn outer() {\n\n    inner();\n\n    more();\n}");
        assert_eq!(outer.lines, (3, 10));
        assert!(!excerpt(FILE, None).unwrap().unwrap().code.contains("ANCHOR"));
    }

    #[test]
    fn what_is_not_there_is_told_apart_from_what_is_empty() {
        assert_eq!(excerpt(FILE, Some("none")), Ok(None));
        assert_eq!(excerpt(FILE, Some("empty")), Err("is empty".to_owned()));
        assert!(excerpt(FILE, Some("open")).unwrap_err().contains("never closed"));
    }

    #[test]
    fn on_paper_a_twin_s_code_stands_once_and_best_on_its_own() {
        let figure = |file: &str| {
            let caption = format!("<figcaption>{file}</figcaption>");
            format!("<figure data-language=\"Python\">\n{caption}\ncode\n</figure>\n")
        };
        let rust = "<figure data-language=\"Rust\">\ncode\n</figure>\n";
        let (a, b, c) = (figure("a"), figure("b"), figure("c"));
        let page = format!("{rust}{a}words{rust}{b}{rust}{b}words{a}{c}");
        let marked = once_on_paper(&page);
        let marks: Vec<_> = marked.split("<figure ").map(|f| f.starts_with("data-rep")).collect();
        let expected = [false, false, true, false, false, false, true, false, false];
        assert_eq!(marks, expected);
        assert_eq!(marked.replace(" data-repeated", ""), page);
    }

    #[test]
    fn a_fence_is_longer_than_any_in_the_code() {
        assert_eq!(fence("a ``` b"), "````");
        assert_eq!(fence("a"), "```");
    }
}
