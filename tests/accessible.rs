//! Every page for every reader: axe finds nothing in it, in five themes and at two widths, and
//! whatever is drawn is told in words too.

mod chromium;

use std::path::PathBuf;

use anyhow::{Context, Result, ensure};
use chromium::{Browser, in_browser};
use house_tests::root;

const DESKTOP: (u32, u32) = (1280, 1000);
const PHONE: (u32, u32) = (390, 844);

/// axe, the rules of the web's accessibility guidelines as a script; scripts/test installs it.
fn axe() -> Result<String> {
    let file: PathBuf = root().join("target/tools/node_modules/axe-core/axe.min.js");
    std::fs::read_to_string(&file)
        .with_context(|| format!("cannot read `{}`; scripts/test installs it", file.display()))
}

/// Has `browser` audit what it loads from now on. Colours are looked at when they have come to rest.
async fn prepare(browser: &Browser, size: (u32, u32)) -> Result<()> {
    browser.with_less_motion().await?;
    browser.resize(size).await?;
    browser.before_each_page(&axe()?).await?;
    browser.before_each_page(include_str!("accessible.js")).await
}

/// What is wrong with the page as it stands.
async fn audit(browser: &Browser) -> Result<Vec<String>> {
    let script =
        "const [done] = arguments; audit().then(done, error => done([String(error.stack)]))";
    Ok(browser.execute_async(script, []).await?.convert()?)
}

async fn every_page(size: (u32, u32)) {
    in_browser(root(), async |browser, book| {
        browser.as_from_a_static_host().await?;
        prepare(browser, size).await?;
        let mut pages = browser.pages(book).await?;
        pages.push(format!("{book}toc.html"));
        let mut faults = Vec::new();
        for page in pages {
            browser.goto(&page).await?;
            let found = audit(browser).await.with_context(|| page.clone())?;
            faults.extend(found.iter().map(|fault| format!("{page} {fault}")));
        }
        ensure!(faults.is_empty(), "\n{}", faults.join("\n"));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn axe_finds_nothing_on_any_page_at_a_desk() {
    every_page(DESKTOP).await;
}

#[tokio::test]
async fn axe_finds_nothing_on_any_page_on_a_phone() {
    every_page(PHONE).await;
}
