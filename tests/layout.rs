//! Every page fits a phone, a tablet and a screen: nothing is cut off, and what scrolls sideways does
//! so by itself and by the keys.

mod chromium;

use anyhow::ensure;
use chromium::in_browser;
use house_tests::root;
use serde_json::{Value, json};

const WIDTHS: [u32; 3] = [390, 800, 1280];

/// Pages as any static host serves them: without the mark by which they know the lab.
const WITHOUT_LAB: &str = "new MutationObserver((_, observer) => {
    const token = document.querySelector('meta[name=lab-token]');
    if (token) { token.remove(); observer.disconnect(); }
}).observe(document, { childList: true, subtree: true })";

#[tokio::test]
async fn every_page_fits_its_window_and_words_do_not_meet() {
    in_browser(root(), async |browser, book| {
        let script = json!({ "source": WITHOUT_LAB });
        browser.cdp().send_raw("Page.addScriptToEvaluateOnNewDocument", script).await?;
        browser.goto(book).await?;
        let pages =
            browser.strings("[...document.querySelectorAll('#mdbook-sidebar a')].map(a => a.href)");
        let mut pages = pages.await?;
        ensure!(pages.len() > 5, "the contents list {} pages", pages.len());
        pages.push(format!("{book}404.html"));
        let mut faults = Vec::new();
        for page in &pages {
            browser.goto(page).await?;
            for width in WIDTHS {
                let size = json!({
                    "width": width, "height": 900, "deviceScaleFactor": 1, "mobile": false,
                });
                browser.cdp().send_raw("Emulation.setDeviceMetricsOverride", size).await?;
                let found = browser.execute_async(include_str!("layout.js"), []).await?;
                let found: Vec<Value> = found.convert()?;
                let found = found.iter().filter_map(Value::as_str);
                faults.extend(found.map(|fault| format!("{page}, {width} pixels: {fault}")));
            }
        }
        ensure!(faults.is_empty(), "\n{}", faults.join("\n"));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn the_cover_shows_a_program_to_play_with_and_two_ways_on() {
    in_browser(root(), async |browser, book| {
        for (width, height) in [(1280, 800), (390, 844)] {
            let size = json!({
                "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false,
            });
            browser.cdp().send_raw("Emulation.setDeviceMetricsOverride", size).await?;
            browser.goto(book).await?;
            let below = browser.strings(
                "['h1', '.cover > p', '.ways a:first-child', '.ways a:last-child', \
                  '.explore-code', '.explore-step:nth-child(1)', '.explore-step:nth-child(2)']
                  .filter(one => !(document.querySelector(one)?.getBoundingClientRect().bottom < innerHeight))",
            );
            let below = below.await?;
            ensure!(below.is_empty(), "{width} by {height}: one has to scroll to {below:?}");
        }
        Ok(())
    })
    .await;
}
