//! The book as `scripts/publish` writes it: below a path of a static host, and unpacked from its
//! archive without any.

mod chromium;
mod load;

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use chromium::{Browser, start, with_browser};
use house_tests::root;
use load::Load;
use publish::{ARCHIVE, publish};
use thirtyfour::{By, Key};

const PATH: &str = "/some/path/";
const EXPLORER: &str = "race_condition-load_then_store";

/// What a reader may type, and the page that is among the first three found.
const SEARCHES: [(&str, &str); 16] = [
    ("race_condition", "races/race_condition.html"),
    ("worker crash", "production/worker_crash.html"),
    ("livelock", "races/livelock.html"),
    ("GIL", "gil/gil.html"),
    ("whoever sees the flag sees the message", "races/memory_ordering.html"),
    ("a child that is killed by SIGSEGV leaves its parent running", "processes/isolation.html"),
    ("threading.Lock", "appendix/python_to_rust.html"),
    ("threading.Condition", "races/coordination.html"),
    ("asyncio.gather", "appendix/python_to_rust.html"),
    ("concurrent.futures", "threads/executors.html"),
    ("multiprocessing.Queue", "processes/join_deadlock.html"),
    ("run_in_executor", "turns/blocking_the_loop.html"),
    ("std::sync::Mutex", "appendix/rust_to_python.html"),
    ("tokio::select!", "appendix/rust_to_python.html"),
    ("Condvar", "races/coordination.html"),
    ("switch interval", "gil/convoy.html"),
];

#[tokio::test]
async fn the_published_book_works_below_a_path_and_without_a_server() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let site = folder.path().join("site");
    let mut python = Command::new("python3");
    python.arg(root().join("tests/static_host.py")).arg(&site).arg(PATH);
    let (_host, book) = start(&mut python, |line| line.starts_with("http://"));
    publish(root(), &site, Some(&book.parse().expect("an address"))).expect("it is published");

    let unpacked = folder.path().join("unpacked");
    unpack(&site.join(ARCHIVE), &unpacked);
    let archive = format!("file://{}/taking-turns/", unpacked.display());

    with_browser(async |browser| {
        for place in [&book, &archive] {
            pages_load_what_is_theirs(browser, place).await.context(place.clone())?;
            widgets_work(browser, place).await.context(place.clone())?;
            searches_find(browser, place).await.context(place.clone())?;
        }
        an_unknown_address_helps_on(browser, &book).await
    })
    .await;
}

fn unpack(archive: &Path, folder: &Path) {
    let mut python = Command::new("python3");
    python.args(["-m", "zipfile", "-e"]).arg(archive).arg(folder);
    assert!(python.status().expect("python3 runs").success());
}

async fn pages_load_what_is_theirs(browser: &Browser, place: &str) -> Result<()> {
    let pages =
        ["index.html", "races/race_condition.html", "threads/scaling.html", "appendix/claims.html"];
    for page in pages {
        let load = Load::first(browser, &format!("{place}{page}")).await?;
        let strays = load.strays(place);
        ensure!(strays.is_empty(), "{page}: {strays:?}");
    }
    Ok(())
}

/// The theme is kept, the explorer takes a step, a panel takes a run, a link leads on.
async fn widgets_work(browser: &Browser, place: &str) -> Result<()> {
    browser.goto(&format!("{place}races/race_condition.html")).await?;
    browser.find(By::Css("#theme option[value=navy]")).await?.click().await?;
    browser.refresh().await?;
    let class = browser.string("document.documentElement.className").await?;
    ensure!(class.contains("navy"), "the theme is not kept: {class}");

    let step = format!("#{EXPLORER} .explore-step");
    browser.find(By::Css(step)).await?.click().await?;
    let hash = browser.string("location.hash").await?;
    ensure!(hash == format!("#{EXPLORER}=v1.1"), "a step of the explorer leads to {hash}");

    // Where chromedriver scrolls to, the bar covers it.
    browser.execute("document.querySelector('.own-run summary').click()", []).await?;
    browser.wait_for("race_condition", "panel => panel.querySelector('.own-run textarea')").await?;

    browser.find(By::Css(".turn a[rel=next]")).await?.click().await?;
    let address = browser.current_url().await?;
    ensure!(address.as_str() == format!("{place}races/locks.html"), "it leads to {address}");
    browser.console_is_empty().await
}

async fn searches_find(browser: &Browser, place: &str) -> Result<()> {
    browser.goto(&format!("{place}threads/scaling.html")).await?;
    let loaded = "[...document.scripts].map(script => script.src).join()";
    let before = browser.string(loaded).await?;
    ensure!(!before.contains("searchindex"), "the index is loaded before it is needed: {before}");
    browser.find(By::Css("body")).await?.send_keys(Key::Control + "k").await?;
    let bar = browser
        .wait_for("mdbook-searchbar", "bar => bar === document.activeElement && bar")
        .await?;
    let mut faults = Vec::new();
    for (typed, page) in SEARCHES {
        bar.clear().await?;
        bar.send_keys(typed).await?;
        let told = format!("head => head.textContent.includes({:?}) && head", format!("'{typed}'"));
        browser.wait_for("mdbook-searchresults-header", &told).await?;
        let found = "[...document.querySelectorAll('#mdbook-searchresults a')].slice(0, 3)
            .map(link => link.href.split('?')[0])";
        let found = browser.strings(found).await?;
        if !found.contains(&format!("{place}{page}")) {
            faults.push(format!("{typed}: {found:?}, and not {page}"));
        }
    }
    ensure!(faults.is_empty(), "{}", faults.join("\n"));
    bar.send_keys(Key::Escape).await?;
    browser.console_is_empty().await
}

async fn an_unknown_address_helps_on(browser: &Browser, book: &str) -> Result<()> {
    browser.goto(&format!("{book}no/such/race-conditions.html")).await?;
    // The browser itself notes that the page was not found.
    let said = browser.console().await?;
    ensure!(said.len() == 1 && said[0].contains("404"), "the console says {said:?}");
    let skip = browser.string("document.querySelector('.skip').href").await?;
    ensure!(skip == format!("{book}404.html#mdbook-content"), "to the text leads {skip}");
    let likely = browser.find(By::Css("#likely a")).await?;
    likely.click().await?;
    let address = browser.current_url().await?;
    ensure!(address.as_str() == format!("{book}races/race_condition.html"), "{address}");
    browser.console_is_empty().await
}
