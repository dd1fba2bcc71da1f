//! The ways through the book: terms and their entries, and the tracks that a reader can follow.

mod chromium;

use anyhow::ensure;
use chromium::in_browser;
use house_tests::root;
use thirtyfour::By;

/// What all pages say of something, each fetched as it is served, before any script: calls `look`
/// with each page's document and address, and gives `done` the sum of the lists that it returns.
const EVERY_PAGE: &str = "
    const [done] = arguments;
    const links = [...document.querySelectorAll('#mdbook-sidebar a')].map(link => link.href);
    const pages = new Map(links.map(link => [link.split('#')[0], null]));
    const documents = Promise.all([...pages.keys()].map(async link => {
        const text = await (await fetch(link)).text();
        pages.set(link, new DOMParser().parseFromString(text, 'text/html'));
    }));
    const every = look => documents
        .then(() => done([...pages].flatMap(([link, page]) => look(page, link))));
    // Whether a link on the page at `from` leads to a page and to an element there.
    const leads = (from, link) => {
        const to = new URL(link.getAttribute('href'), from);
        const page = pages.get(to.href.split('#')[0]);
        return page && (!to.hash || page.getElementById(to.hash.slice(1)));
    };
";

#[tokio::test]
async fn every_term_leads_to_its_entry_and_each_entry_to_where_it_is_explained() {
    in_browser(root(), async |browser, book| {
        browser.goto(&format!("{book}appendix/glossary.html")).await?;
        let script = "every((page, from) => [...page.querySelectorAll('a.term, .glossary a')]
            .map(link => `${leads(from, link) ? 'good' : from + ' ' + link.outerHTML}`))";
        let links = browser.execute_async(format!("{EVERY_PAGE}{script}"), []).await?;
        let links: Vec<String> = serde_json::from_value(links.json().clone())?;
        ensure!(links.len() > 200, "{} links", links.len());
        let bad: Vec<_> = links.iter().filter(|link| *link != "good").collect();
        ensure!(bad.is_empty(), "{bad:#?}");
        browser.console_is_empty().await
    })
    .await;
}

/// The line about the followed track at the end of a page; empty if there is none.
const TRACK: &str = "[...document.querySelectorAll('nav.track:not([hidden]) p:first-child')]
    .map(line => line.textContent).join()";

#[tokio::test]
async fn a_track_is_followed_to_its_end_and_left() {
    in_browser(root(), async |browser, book| {
        let list = format!("{book}reading_order.html");
        browser.goto(&list).await?;
        let chapters =
            browser.strings("[...document.querySelectorAll('#hour li a')].map(a => a.href)");
        let chapters = chapters.await?;
        ensure!(chapters.len() > 2, "{chapters:?}");

        // Nobody is on a track who has not chosen one.
        browser.goto(&chapters[0]).await?;
        ensure!(browser.string(TRACK).await?.is_empty());

        browser.goto(&list).await?;
        let choice = browser.find(By::Css("#hour button")).await?;
        choice.click().await?;
        ensure!(choice.text().await? == "Stop following");
        browser.goto(&chapters[0]).await?;
        for (at, chapter) in chapters.iter().enumerate() {
            let here = browser.string("location.href").await?;
            ensure!(here == *chapter, "at {here}, not at {chapter}");
            let line = browser.string(TRACK).await?;
            let last = if at + 1 == chapters.len() { ", the last" } else { "" };
            let place = format!("chapter {} of {}{last}", at + 1, chapters.len());
            ensure!(line == format!("Your track: An hour, {place}"), "{line}");
            let back = "document.querySelector('nav.track:not([hidden]) [rel=prev]')?.href ?? ''";
            let before = at.checked_sub(1).map_or("", |before| &chapters[before]);
            ensure!(browser.string(back).await? == before);
            if at + 1 < chapters.len() {
                let next = By::Css("nav.track:not([hidden]) [rel=next]");
                browser.find(next).await?.click().await?;
            }
        }

        browser.goto(&list).await?;
        browser.find(By::Css("#hour button")).await?.click().await?;
        ensure!(browser.string("Object.keys(localStorage).join()").await?.is_empty());
        browser.goto(&chapters[0]).await?;
        ensure!(browser.string(TRACK).await?.is_empty());
        browser.console_is_empty().await
    })
    .await;
}

#[tokio::test]
async fn all_of_it_is_every_chapter_in_the_order_of_the_contents() {
    in_browser(root(), async |browser, book| {
        browser.goto(&format!("{book}reading_order.html")).await?;
        let links = async |selector: &str| {
            browser
                .strings(&format!("[...document.querySelectorAll('{selector}')].map(a => a.href)"))
                .await
        };
        let contents: Vec<_> = links("#mdbook-sidebar a").await?;
        let part = |link: &&String| {
            let path = link.trim_start_matches(book);
            path.contains('/') && !path.starts_with("appendix/")
        };
        let chapters: Vec<_> = contents.iter().filter(part).cloned().collect();
        ensure!(chapters.len() > 30, "{} chapters", chapters.len());
        ensure!(links("#all li a").await? == chapters);
        // Without a script, too: every chapter of a track says how long it takes.
        for chapter in &chapters {
            browser.goto(chapter).await?;
            let minutes =
                browser.string("document.querySelector('h1 + .minutes')?.textContent ?? ''");
            let minutes = minutes.await?;
            ensure!(
                minutes.starts_with("About ") && minutes.contains(" minute"),
                "{chapter}: {minutes}"
            );
        }
        Ok(())
    })
    .await;
}
