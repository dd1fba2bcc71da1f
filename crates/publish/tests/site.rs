//! The published book, file by file.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Cursor;
use std::path::Path;

use publish::{ARCHIVE, publish};
use regex::Regex;
use zip::ZipArchive;

const ADDRESS: &str = "https://example.org/some/path/";

/// Every address that a page has ever had, and that others may have linked to.
const ADDRESSES: &str = include_str!("addresses.txt");

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

#[test]
fn every_page_can_be_found_and_shared() {
    let folder = tempfile::tempdir().unwrap();
    let site = folder.path();
    publish(root(), site, Some(&ADDRESS.parse().unwrap())).unwrap();

    let pages = pages(site);
    assert!(pages.len() > 50, "{} pages", pages.len());
    let mut faults = Vec::new();
    let mut said = BTreeMap::new();
    for (file, html) in &pages {
        faults.extend(
            faults_of(site, file, html).into_iter().map(|fault| format!("{file}: {fault}")),
        );
        for words in [between(html, "<title>", "</title>"), meta(html, "name=\"description\"")] {
            if let Some(other) = said.insert(words, file) {
                faults.push(format!("{file}: {words:?} is what {other} says"));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    for file in ["index.html", "404.html", "toc.html"] {
        assert!(guarded(&fs::read_to_string(site.join(file)).unwrap()), "{file} has no policy");
    }

    the_map_lists(site, &pages);
    old_addresses_lead_somewhere(site, &pages);
    the_archive_is_the_book(site);
}

/// The chapters, by their files; the first page, which stands at the root as well, once.
fn pages(site: &Path) -> BTreeMap<String, String> {
    let contents = fs::read_to_string(site.join("toc.html")).unwrap();
    let link = Regex::new(r#"<a href="([^"]*)""#).unwrap();
    let links = link.captures_iter(&contents).map(|found| found[1].to_owned());
    links.map(|file| (file.clone(), fs::read_to_string(site.join(file)).unwrap())).collect()
}

fn faults_of(site: &Path, file: &str, html: &str) -> Vec<String> {
    let mut faults = Vec::new();
    let mut must = |holds: bool, what: &str| {
        if !holds {
            faults.push(what.to_owned());
        }
    };
    let place = if file == "introduction.html" { "" } else { file };
    let address = format!("{ADDRESS}{place}");
    must(between(html, "<title>", "</title>").contains("Taking Turns"), "the title");
    must(between(html, "rel=\"canonical\" href=\"", "\"") == address, "the canonical address");
    must(meta(html, "property=\"og:url\"") == address, "the address in previews");
    let description = meta(html, "name=\"description\"");
    must((10..=220).contains(&description.len()), "the description");
    must(meta(html, "property=\"og:description\"") == description, "the description in previews");
    must(!meta(html, "property=\"og:title\"").is_empty(), "the title in previews");
    must(meta(html, "name=\"twitter:card\"") == "summary_large_image", "the kind of preview");
    must(guarded(html), "the policy");
    let picture = meta(html, "property=\"og:image\"").strip_prefix(ADDRESS).unwrap_or_default();
    must(size(&site.join(picture)) == Some((1200, 630)), "the picture");
    faults
}

/// Whether the page forbids itself everything that is not of its own host, but for the playground
/// that a click asks.
fn guarded(html: &str) -> bool {
    let policy = meta(html, "http-equiv=\"Content-Security-Policy\"");
    let sources = policy.split(';').flat_map(|rule| rule.split_whitespace().skip(1));
    let own = ["'self'", "'unsafe-inline'", "'none'", "data:", "https://play.rust-lang.org"];
    policy.contains("default-src 'self';")
        && sources.into_iter().all(|source| own.contains(&source))
}

/// Width and height of a PNG, which stand in its first chunk.
fn size(picture: &Path) -> Option<(u32, u32)> {
    let bytes = fs::read(picture).ok()?;
    let number = |at: usize| Some(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?));
    bytes.starts_with(b"\x89PNG").then_some((number(16)?, number(20)?))
}

fn the_map_lists(site: &Path, pages: &BTreeMap<String, String>) {
    let map = fs::read_to_string(site.join("sitemap.xml")).unwrap();
    let listed = Regex::new("<loc>([^<]*)</loc>").unwrap();
    let listed: BTreeSet<_> = listed.captures_iter(&map).map(|found| found[1].to_owned()).collect();
    let place = |file: &String| if file == "introduction.html" { "" } else { file }.to_owned();
    let pages: BTreeSet<_> = pages.keys().map(|file| format!("{ADDRESS}{}", place(file))).collect();
    assert_eq!(listed, pages);
    let robots = fs::read_to_string(site.join("robots.txt")).unwrap();
    assert!(robots.contains(&format!("Sitemap: {ADDRESS}sitemap.xml")), "{robots}");
}

fn old_addresses_lead_somewhere(site: &Path, pages: &BTreeMap<String, String>) {
    for address in ADDRESSES.lines() {
        assert!(
            site.join(address).is_file(),
            "{address} leads nowhere: name its new place in book.toml, under [output.html.redirect]"
        );
    }
    for page in pages.keys() {
        assert!(ADDRESSES.lines().any(|known| known == page), "add {page} to addresses.txt");
    }
}

fn the_archive_is_the_book(site: &Path) {
    let bytes = fs::read(site.join(ARCHIVE)).unwrap();
    let mut archive = ZipArchive::new(Cursor::new(bytes)).unwrap();
    let names: Vec<_> = archive.file_names().map(|name| name.unwrap().into_owned()).collect();
    assert!(names.iter().all(|name| name.starts_with("taking-turns/")), "{names:?}");
    assert!(names.contains(&"taking-turns/races/race_condition.html".to_owned()));
    assert!(!names.iter().any(|name| name.contains("shared/") || name.ends_with("404.html")));
    let mut first = archive.by_name("taking-turns/index.html").unwrap();
    let first = std::io::read_to_string(&mut first).unwrap();
    assert!(!first.contains(ARCHIVE), "the archive offers itself");
    let online = fs::read_to_string(site.join("index.html")).unwrap();
    assert!(online.contains(&format!("href=\"{ARCHIVE}\"")), "no page offers the archive");
}

#[test]
fn what_is_not_ours_is_not_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("thesis.txt"), "years of work").unwrap();
    let error = publish(root(), folder.path(), None).unwrap_err().to_string();
    assert!(error.starts_with("cannot publish into `") && !error.contains('\n'), "{error}");
    assert!(folder.path().join("thesis.txt").is_file());
}

/// What the `meta` element that is named `name` says.
fn meta<'a>(html: &'a str, name: &str) -> &'a str {
    between(html, &format!("<meta {name} content=\""), "\"")
}

fn between<'a>(text: &'a str, start: &str, end: &str) -> &'a str {
    let Some((_, rest)) = text.split_once(start) else { return "" };
    rest.split_once(end).map_or("", |(between, _)| between)
}
