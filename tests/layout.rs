//! Every page fits a phone, a tablet and a screen: nothing is cut off, and what scrolls sideways does
//! so by itself and by the keys. The cover is seen whole, and of long code what matters.

mod chromium;

use anyhow::{Result, ensure};
use chromium::{Browser, in_browser};
use house_tests::root;
use serde_json::json;

const WIDTHS: [u32; 3] = [390, 800, 1280];

/// Pages as any static host serves them: without the mark by which they know the lab.
const WITHOUT_LAB: &str = "new MutationObserver((_, observer) => {
    const token = document.querySelector('meta[name=lab-token]');
    if (token) { token.remove(); observer.disconnect(); }
}).observe(document, { childList: true, subtree: true })";

/// Takes the step of whoever comes last and can go on; where the line then stands at which this thread is.
const STEP: &str = "
    const explorer = document.getElementById('starvation-barging');
    const free = [...explorer.querySelectorAll('.explore-step:not([aria-disabled=true])')].at(-1);
    const [thread] = free.querySelector('.explore-who').textContent.split(' ');
    free.click();
    const mark = [...explorer.querySelectorAll('.explore-mark')]
        .find(({ textContent }) => textContent === `◀ ${thread}`);
    const [code, line] = [explorer.querySelector('.explore-code'), mark?.closest('li')]
        .map(element => element?.getBoundingClientRect());
    return !line || (line.top > code.top - 1 && line.bottom < code.bottom + 1)
        ? 'in sight' : `thread ${thread} is ${line.bottom - code.bottom} pixels below`;
";

/// What the cover shows that a reader would have to scroll to.
const BELOW: &str = "['h1', '.cover > p', '.ways a:first-child', '.ways a:last-child', \
    '.explore-code', '.explore-step:nth-child(1)', '.explore-step:nth-child(2)'].filter(one =>
        !(document.querySelector(one)?.getBoundingClientRect().bottom < innerHeight))";

async fn resize(browser: &Browser, width: u32, height: u32) -> Result<()> {
    let size = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
    browser.cdp().send_raw("Emulation.setDeviceMetricsOverride", size).await?;
    Ok(())
}

#[tokio::test]
async fn every_page_fits_its_window_and_the_cover_is_seen_whole() {
    in_browser(root(), async |browser, book| {
        let script = json!({ "source": WITHOUT_LAB });
        browser.cdp().send_raw("Page.addScriptToEvaluateOnNewDocument", script).await?;
        for (width, height) in [(1280, 800), (390, 844)] {
            resize(browser, width, height).await?;
            browser.goto(book).await?;
            let below = browser.strings(BELOW).await?;
            ensure!(below.is_empty(), "{width} by {height}: one has to scroll to {below:?}");
        }

        let pages =
            browser.strings("[...document.querySelectorAll('#mdbook-sidebar a')].map(a => a.href)");
        let mut pages = pages.await?;
        ensure!(pages.len() > 5, "the contents list {} pages", pages.len());
        pages.push(format!("{book}404.html"));
        let mut faults = Vec::new();
        for page in &pages {
            browser.goto(page).await?;
            for width in WIDTHS {
                resize(browser, width, 900).await?;
                let found = browser.execute_async(include_str!("layout.js"), []).await?;
                let found: Vec<String> = found.convert()?;
                let told = |fault| format!("{page}, {width} pixels: {fault}");
                faults.extend(found.into_iter().map(told));
            }
        }
        ensure!(faults.is_empty(), "\n{}", faults.join("\n"));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn in_long_code_the_line_of_whoever_moves_is_in_sight() {
    in_browser(root(), async |browser, book| {
        let page = format!("{book}races/starvation.html");
        browser.goto(&page).await?;
        let begun =
            "document.querySelector('#starvation-barging .explore-step:nth-child(3)').innerText";
        let begun = browser.string(begun).await?;
        ensure!(begun.ends_with("has not begun"), "before the first step: {begun}");
        for width in WIDTHS {
            resize(browser, width, 900).await?;
            browser.goto("about:blank").await?;
            browser.goto(&page).await?;
            for step in 1..=8 {
                let found: String = browser.execute(STEP, []).await?.convert()?;
                ensure!(found == "in sight", "{width} pixels, step {step}: {found}");
            }
        }
        browser.console_is_empty().await
    })
    .await;
}
