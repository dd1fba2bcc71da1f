//! A link to another page gets that page's title, which paper shows beside it.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};

use mdbook_markdown::pulldown_cmark::{Event, LinkType, Tag};
use mdbook_markdown::{MarkdownOptions, new_cmark_parser};

/// The text of the page at `path`, with the titles of other pages at links that do not say them.
pub(crate) fn add(text: &str, path: &Path, titles: &BTreeMap<&Path, &str>) -> String {
    let folder = path.parent().unwrap_or(Path::new(""));
    let mut titled = String::new();
    let mut done = 0;
    for (event, range) in new_cmark_parser(text, &MarkdownOptions::default()).into_offset_iter() {
        let Event::Start(Tag::Link { link_type: LinkType::Inline, dest_url, title, .. }) = event
        else {
            continue;
        };
        let to = dest_url.split('#').next().unwrap_or_default();
        let to = normal(&folder.join(to));
        let Some(page) = titles.get(to.as_path()).filter(|_| title.is_empty() && to != path) else {
            continue;
        };
        let end = range.end - 1;
        if text[range.start..end].starts_with(&format!("[{page}]")) {
            continue;
        }
        titled.push_str(&text[done..end]);
        titled.push_str(&format!(" \"{}\"", page.replace('"', "&quot;")));
        done = end;
    }
    titled.push_str(&text[done..]);
    titled
}

/// Without `..`.
fn normal(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => drop(normal.pop()),
            part => normal.push(part),
        }
    }
    normal
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_says_the_title_of_the_page_that_it_leads_to() {
        let titles =
            BTreeMap::from([(Path::new("a/one.md"), "One"), (Path::new("b/two.md"), "Two \"2\"")]);
        for (written, titled) in [
            ("[x](../b/two.md)", "[x](../b/two.md \"Two &quot;2&quot;\")"),
            ("[*x*](../b/two.md#y), so.", "[*x*](../b/two.md#y \"Two &quot;2&quot;\"), so."),
            ("[x](#here) [y](one.md)", "[x](#here) [y](one.md)"),
            ("[x](../b/two.md \"own\")", "[x](../b/two.md \"own\")"),
            (
                "[x](https://b/two.md) `[x](../b/two.md)`",
                "[x](https://b/two.md) `[x](../b/two.md)`",
            ),
        ] {
            assert_eq!(add(written, Path::new("a/one.md"), &titles), titled);
        }
        assert_eq!(add("[One](../a/one.md)", Path::new("b/two.md"), &titles), "[One](../a/one.md)");
    }
}
