//! The files of one build of the book, held in memory.
//!
//! What is served is what was read: no request reaches the file system, so no `..`, however it is
//! encoded, and no link can lead out of the site, and a build under way is never seen half done.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use axum::body::Bytes;
use percent_encoding::percent_decode_str;

use crate::pages::RELOAD;

/// One build of the book.
#[derive(Debug)]
pub struct Site {
    /// The number of this build; a page that is open knows the number of its own.
    pub build: u64,
    content: Content,
}

#[derive(Debug)]
enum Content {
    /// By their paths below the site's root, with `/` between folders.
    Files(BTreeMap<String, Bytes>),
    /// The page shown in place of every other until the book can be built.
    Failure(Bytes),
}

/// What stands at an address.
#[derive(Debug, PartialEq)]
pub enum Page {
    File {
        media_type: String,
        bytes: Bytes,
    },
    /// Nothing, and mdBook's page to say so.
    Missing(Bytes),
    /// The book could not be built; this page says why.
    Failure(Bytes),
}

impl Site {
    /// Reads what mdBook has written into `folder`. Links are left out.
    pub fn read(build: u64, folder: &Path) -> Result<Site> {
        let mut files = BTreeMap::new();
        read_folder(folder, "", &mut files)?;
        Ok(Site { build, content: Content::Files(files) })
    }

    /// The site of a book that has a mistake.
    pub fn failed(build: u64, mistake: &str) -> Site {
        let page = include_str!("failure.html")
            .replace("{reload}", &format!("{RELOAD}?build={build}"))
            .replace("{mistake}", &escape(mistake));
        Site { build, content: Content::Failure(page.into()) }
    }

    /// What stands at the path of a URL, as the browser sent it: percent-encoded and beginning with
    /// a slash.
    pub fn page(&self, path: &str) -> Page {
        let files = match &self.content {
            Content::Files(files) => files,
            Content::Failure(page) => return Page::Failure(page.clone()),
        };
        let mut path = percent_decode_str(path.trim_start_matches('/')).decode_utf8_lossy();
        if path.is_empty() || path.ends_with('/') {
            path = Cow::Owned(path.into_owned() + "index.html");
        }
        match files.get(path.as_ref()) {
            Some(bytes) => Page::File { media_type: media_type(&path), bytes: bytes.clone() },
            None => Page::Missing(files.get("404.html").cloned().unwrap_or_default()),
        }
    }
}

fn read_folder(folder: &Path, prefix: &str, files: &mut BTreeMap<String, Bytes>) -> Result<()> {
    let cannot = || format!("cannot read the built book in `{}`", folder.display());
    for entry in fs::read_dir(folder).with_context(cannot)? {
        let entry = entry.with_context(cannot)?;
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        // The kind of a link is that of the link itself: neither file nor folder.
        let kind = entry.file_type().with_context(cannot)?;
        if kind.is_dir() {
            read_folder(&entry.path(), &format!("{name}/"), files)?;
        } else if kind.is_file() {
            files.insert(name, fs::read(entry.path()).with_context(cannot)?.into());
        }
    }
    Ok(())
}

/// By the file's extension; all text that mdBook writes is UTF-8.
fn media_type(path: &str) -> String {
    let media_type = mime_guess::from_path(path).first_or_octet_stream();
    match media_type.type_() {
        mime_guess::mime::TEXT => format!("{media_type}; charset=utf-8"),
        _ => media_type.to_string(),
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site(files: &[(&str, &str)]) -> (tempfile::TempDir, Site) {
        let folder = tempfile::tempdir().unwrap();
        for (path, text) in files {
            let path = folder.path().join("site").join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        let site = Site::read(1, &folder.path().join("site")).unwrap();
        (folder, site)
    }

    fn file(media_type: &str, text: &'static str) -> Page {
        Page::File { media_type: media_type.to_owned(), bytes: text.into() }
    }

    #[test]
    fn a_folder_is_its_index_page() {
        let (_folder, site) = site(&[("index.html", "cover"), ("races/index.html", "races")]);
        assert_eq!(site.page("/"), file("text/html; charset=utf-8", "cover"));
        assert_eq!(site.page("/races/"), file("text/html; charset=utf-8", "races"));
    }

    #[test]
    fn the_media_type_is_that_of_the_extension() {
        let (_folder, site) = site(&[
            ("book.js", ""),
            ("css/general.css", ""),
            ("a picture.svg", ""),
            ("README", ""),
        ]);
        assert_eq!(site.page("/book.js"), file("text/javascript; charset=utf-8", ""));
        assert_eq!(site.page("/css/general.css"), file("text/css; charset=utf-8", ""));
        assert_eq!(site.page("/a%20picture.svg"), file("image/svg+xml", ""));
        assert_eq!(site.page("/README"), file("application/octet-stream", ""));
    }

    #[test]
    fn what_was_not_built_is_missing() {
        let (_folder, site) = site(&[("404.html", "nothing here"), ("races/race.html", "")]);
        for path in ["/races", "/race.html", "/../secret", "/races/../races/race.html"] {
            assert_eq!(site.page(path), Page::Missing("nothing here".into()), "{path}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn links_are_no_part_of_the_site() {
        let (folder, _) = site(&[("index.html", "")]);
        fs::write(folder.path().join("secret"), "secret").unwrap();
        let link = |to: &str, name: &str| {
            std::os::unix::fs::symlink(folder.path().join(to), folder.path().join(name)).unwrap()
        };
        link("secret", "site/secret");
        link("", "site/folder");
        let site = Site::read(1, &folder.path().join("site")).unwrap();
        for path in ["/secret", "/folder/secret", "/folder/site/index.html"] {
            assert_eq!(site.page(path), Page::Missing("".into()), "{path}");
        }
    }

    #[test]
    fn a_mistake_is_shown_as_text() {
        let site = Site::failed(3, "a.md:2: unknown experiment `<b>`");
        let Page::Failure(page) = site.page("/any/where.html") else { panic!("no failure") };
        let page = std::str::from_utf8(&page).unwrap();
        assert!(page.contains("unknown experiment `&lt;b>`"), "{page}");
        assert!(page.contains("__livereload?build=3"), "{page}");
    }
}
