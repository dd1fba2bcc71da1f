//! The ways through the book: terms and their entries.

mod chromium;

use anyhow::ensure;
use chromium::in_browser;
use house_tests::root;

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
