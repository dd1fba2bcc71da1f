//! What the head of a page tells those who do not read it.

use anyhow::{Context, Result};
use maud::html;

use crate::about::About;
use crate::address::Address;
use crate::picture::{HEIGHT, WIDTH};

/// `html`, which mdBook wrote of `page`, with the page's own title and description.
pub(crate) fn rewrite(
    html: &str,
    page: &About,
    book: &str,
    address: Option<&Address>,
) -> Result<String> {
    let title = title(page, book);
    let to_root = "../".repeat(page.place().matches('/').count());
    let picture = match address {
        Some(address) => address.of(&page.picture()),
        None => to_root + &page.picture(),
    };
    let described = html! {
        meta name="description" content=(page.sentence); "\n    "
        @if let Some(address) = address {
            link rel="canonical" href=(address.of(&page.place())); "\n    "
            meta property="og:url" content=(address.of(&page.place())); "\n    "
        }
        meta property="og:type" content=(if page.is_first { "website" } else { "article" }); "\n    "
        meta property="og:site_name" content=(book); "\n    "
        meta property="og:title" content=(page.title); "\n    "
        meta property="og:description" content=(page.sentence); "\n    "
        meta property="og:image" content=(picture); "\n    "
        meta property="og:image:width" content=(WIDTH); "\n    "
        meta property="og:image:height" content=(HEIGHT); "\n    "
        meta property="og:image:alt" content={ (page.title) ". " (page.sentence) }; "\n    "
        meta name="twitter:card" content="summary_large_image";
    };
    let html = replace(html, "<title>", "</title>", &html! { title { (title) } }.into_string())?;
    replace(&html, "<meta name=\"description\"", ">", &described.into_string())
}

/// A name such as "After you" tells more beside the name of its experiment.
fn title(page: &About, book: &str) -> String {
    match &page.report {
        Some(report) => format!("{} ({}) - {book}", page.title, report.experiment),
        None if page.is_first => format!("{book}: {}", page.sentence.trim_end_matches('.')),
        None => format!("{} - {book}", page.title),
    }
}

/// `text` with what goes from `start` to `end` replaced.
fn replace(text: &str, start: &str, end: &str, by: &str) -> Result<String> {
    let from = text.find(start).with_context(|| format!("there is no `{start}`"))?;
    let to = text[from..].find(end).with_context(|| format!("`{start}` has no end"))?;
    Ok(format!("{}{by}{}", &text[..from], &text[from + to + end.len()..]))
}
