//! Every page for every reader: axe finds nothing in it, in five themes and at two widths, and
//! whatever is drawn is told in words too.

mod chromium;

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use chromium::{Browser, in_browser};
use house_tests::root;
use thirtyfour::By;

const CHAPTER: &str = "races/race_condition.html";
const EXPERIMENT: &str = "race_condition";

const DESKTOP: (u32, u32) = (1280, 1000);
const PHONE: (u32, u32) = (390, 844);

/// axe, the rules of the web's accessibility guidelines as a script; scripts/test installs it.
fn axe() -> Result<String> {
    let file: PathBuf = root().join("target/tools/node_modules/axe-core/axe.min.js");
    std::fs::read_to_string(&file)
        .with_context(|| format!("cannot read `{}`; scripts/test installs it", file.display()))
}

/// Has `browser` audit what it loads from now on. Colours are looked at when they have come to rest.
async fn prepare(browser: &Browser) -> Result<()> {
    browser.with_less_motion().await?;
    browser.before_each_page(&axe()?).await?;
    browser.before_each_page(include_str!("accessible.js")).await
}

/// What is wrong with the page, all that can be folded out folded out.
async fn audit(browser: &Browser) -> Result<Vec<String>> {
    audit_with(browser, "{}").await
}

/// What is wrong with the page as it stands.
async fn audit_as_it_is(browser: &Browser, state: &str) -> Result<()> {
    let faults = audit_with(browser, "{ folded: true }").await.context(state.to_owned())?;
    ensure!(faults.is_empty(), "{state}:\n{}", faults.join("\n"));
    Ok(())
}

async fn audit_with(browser: &Browser, options: &str) -> Result<Vec<String>> {
    let script = format!(
        "const [done] = arguments; audit({options}).then(done, error => done([String(error.stack)]))"
    );
    Ok(browser.execute_async(script, []).await?.convert()?)
}

/// Every other page from this one on. A page is loaded once for both widths, and what a colour has
/// been judged by at one is not judged again at the other.
async fn every_other_page(from: usize) {
    in_browser(root(), async |browser, book| {
        browser.as_from_a_static_host().await?;
        prepare(browser).await?;
        let mut pages = browser.pages(book).await?;
        pages.push(format!("{book}toc.html"));
        let mut faults = Vec::new();
        for page in pages.iter().skip(from).step_by(2) {
            browser.resize(DESKTOP).await?;
            browser.goto(page).await?;
            for size in [DESKTOP, PHONE] {
                browser.resize(size).await?;
                let found = audit(browser).await.with_context(|| page.clone())?;
                faults.extend(found.iter().map(|fault| format!("{page} at {size:?} {fault}")));
            }
        }
        ensure!(faults.is_empty(), "\n{}", faults.join("\n"));
        Ok(())
    })
    .await;
}

// Two browsers, for two cores.

#[tokio::test]
async fn axe_finds_nothing_on_one_half_of_the_pages() {
    every_other_page(0).await;
}

#[tokio::test]
async fn axe_finds_nothing_on_the_other_half_of_the_pages() {
    every_other_page(1).await;
}

#[tokio::test]
async fn axe_finds_nothing_in_contents_and_search_on_a_phone() {
    in_browser(root(), async |browser, book| {
        browser.as_from_a_static_host().await?;
        prepare(browser).await?;
        browser.resize(PHONE).await?;
        browser.goto(format!("{book}{CHAPTER}")).await?;
        browser.find(By::Id("mdbook-sidebar-toggle")).await?.click().await?;
        audit_as_it_is(browser, "with the contents open").await?;
        browser.find(By::Id("mdbook-sidebar-toggle")).await?.click().await?;
        browser.find(By::Id("mdbook-search-toggle")).await?.click().await?;
        let bar = "bar => bar === document.activeElement && bar";
        browser.wait_for("mdbook-searchbar", bar).await?.send_keys("deadlock").await?;
        let found = "list => list.querySelector('a') && list";
        browser.wait_for("mdbook-searchresults", found).await?;
        audit_as_it_is(browser, "with what a search has found").await
    })
    .await;
}

/// For an experiment that must be compiled first, on a machine that does much else.
const PATIENCE: Duration = Duration::from_secs(300);

#[tokio::test]
async fn axe_finds_nothing_in_a_panel_that_runs_experiments() {
    in_browser(root(), async |browser, book| {
        prepare(browser).await?;
        browser.resize(DESKTOP).await?;
        browser.set_script_timeout(PATIENCE).await?;
        browser.goto(format!("{book}{CHAPTER}")).await?;
        let built = "panel => panel.querySelector('.live .field input')";
        let threads =
            browser.wait_for(EXPERIMENT, built).await.context("waiting for the controls")?;
        threads.send_keys("x").await?;
        browser.find(By::Css(".own-run > summary")).await?.click().await?;
        let given = "panel => panel.querySelector('.give textarea')";
        browser.wait_for(EXPERIMENT, given).await?.send_keys("no report").await?;
        audit_as_it_is(browser, "with what is not allowed in its fields").await
    })
    .await;
}
