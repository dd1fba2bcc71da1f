//! The book as a site that can be found and shared.
//!
//! What `mdbook build` writes is complete for readers. This adds what is for others: to each page
//! a title that tells, its question as a description, and a picture for when it is shared; a map
//! of the site for search engines; and the whole book as one archive, which needs no server. The
//! index of the search becomes shorter.
//!
//! All of it is taken from the manuscript and the records. Nothing is typed twice.

mod about;
mod address;
mod archive;
mod head;
mod picture;
mod search;

use std::fmt;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use mdbook_driver::MDBook;
use mdbook_driver::config::Config;
use mdbook_experiment::Experiments;
use rayon::prelude::*;

use about::About;
pub use address::Address;
use picture::Painter;

/// The archive, at the root of the site.
pub const ARCHIVE: &str = "taking-turns.zip";

/// What was written.
#[derive(Debug)]
pub struct Published {
    /// How many pages have a picture.
    pub pages: usize,
    /// Bytes of the archive.
    pub archive: u64,
}

impl fmt::Display for Published {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} pages and an archive of {}", self.pages, megabytes(self.archive))
    }
}

/// Builds the book of `root` into `folder`, for a site at `address` if that is known.
pub fn publish(root: &Path, folder: &Path, address: Option<&Address>) -> Result<Published> {
    refuse_what_is_not_ours(folder)?;
    let book = build(root, folder, address)?;
    let title = book.config.book.title.clone().unwrap_or_default();
    let pages = about::all(root, &book)?;
    shorten_search(folder)?;

    let archive = archive::of(folder).context("cannot pack the book")?;
    let published = Published { pages: pages.len(), archive: archive.len() as u64 };
    write(&folder.join(ARCHIVE), archive)?;

    let painter = Painter::new(&title);
    pages.par_iter().try_for_each(|page| {
        write(&folder.join(page.picture()), painter.paint(page)?)?;
        for file in page.files() {
            let path = folder.join(file);
            let html = fs::read_to_string(&path).with_context(|| cannot("read", &path))?;
            let mut html = head::rewrite(&html, page, &title, address)
                .with_context(|| cannot("rewrite", &path))?;
            if page.is_first {
                html = offer_archive(&html, published.archive);
            }
            write(&path, html)?;
        }
        anyhow::Ok(())
    })?;
    write(&folder.join("robots.txt"), robots(address))?;
    if let Some(address) = address {
        write(&folder.join("sitemap.xml"), sitemap(&pages, address))?;
    }
    Ok(published)
}

/// mdBook empties the folder that it builds into.
fn refuse_what_is_not_ours(folder: &Path) -> Result<()> {
    let empty = fs::read_dir(folder).map_or(true, |mut entries| entries.next().is_none());
    if empty || folder.join("toc.html").is_file() {
        return Ok(());
    }
    bail!("cannot publish into `{}`: it holds something else", folder.display())
}

fn build(root: &Path, folder: &Path, address: Option<&Address>) -> Result<MDBook> {
    let mut config = Config::from_disk(root.join("book.toml"))?;
    config.update_from_env()?;
    config.build.build_dir = std::path::absolute(folder)?;
    if let Some(address) = address {
        // For the page that stands at every unknown address, however deep.
        config.set("output.html.site-url", address.path())?;
    }
    let mut book = MDBook::load_with_config(root, config)?;
    // In place of the command of the same name in book.toml, and in its turn.
    book.with_preprocessor(Experiments);
    book.build()?;
    Ok(book)
}

fn shorten_search(folder: &Path) -> Result<()> {
    let mut entries = fs::read_dir(folder).with_context(|| cannot("read", folder))?;
    let is_index = |path: &Path| {
        path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("searchindex"))
    };
    let path = entries
        .find_map(|entry| entry.ok().map(|entry| entry.path()).filter(|path| is_index(path)))
        .with_context(|| format!("there is no searchindex in `{}`", folder.display()))?;
    let script = fs::read_to_string(&path).with_context(|| cannot("read", &path))?;
    let script = search::shorten(&script).with_context(|| cannot("shorten", &path))?;
    write(&path, script)
}

/// At the end of the first page.
fn offer_archive(html: &str, bytes: u64) -> String {
    let offer = maud::html! {
        p.archive {
            a href=(ARCHIVE) download { "The whole book to take along" }
            " (" (megabytes(bytes)) "): unpack it, open " code { "index.html" } ". It needs no network."
        }
    };
    html.replacen("</main>", &format!("{}\n        </main>", offer.into_string()), 1)
}

fn robots(address: Option<&Address>) -> String {
    let map = address.map(|address| format!("Sitemap: {}\n", address.of("sitemap.xml")));
    format!("User-agent: *\nAllow: /\n{}", map.unwrap_or_default())
}

fn sitemap(pages: &[About], address: &Address) -> String {
    let places = maud::html! {
        urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" {
            @for page in pages { url { loc { (address.of(&page.place())) } } "\n" }
        }
    };
    format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{}\n", places.into_string())
}

fn megabytes(bytes: u64) -> String {
    format!("{:.1} MB", bytes as f64 / 1e6)
}

fn write(path: &Path, content: impl AsRef<[u8]>) -> Result<()> {
    let folder = path.parent().unwrap_or(path);
    fs::create_dir_all(folder).with_context(|| cannot("create", folder))?;
    fs::write(path, content).with_context(|| cannot("write", path))
}

fn cannot(what: &str, path: &Path) -> String {
    format!("cannot {what} `{}`", path.display())
}
