//! Chromium, driven by chromedriver, against the book that `cargo run` serves.

// Each test program uses a part of this.
#![allow(dead_code, missing_docs)]

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, ensure};
use house_tests::root;
use serde_json::{Value, json};
use thirtyfour::LoggingPrefsLogLevel;
use thirtyfour::prelude::*;

/// What the first load of a page may cost.
const MOST_REQUESTS: usize = 12;
const MOST_BYTES: u64 = 120_000;

/// What a reader's browser would show of the page and this one, having no tab, does not ask for.
const ICON_REQUESTS: usize = 1;

/// Serves the book in `folder` and has `test` look at it, which is given its address.
pub async fn in_browser(folder: &Path, test: impl AsyncFnOnce(&Browser, &str) -> Result<()>) {
    with_lab(folder, async |browser, book, _| test(browser, book).await).await;
}

/// The same with the lab itself, which a test may end.
pub async fn with_lab(
    folder: &Path,
    test: impl AsyncFnOnce(&Browser, &str, &mut Running) -> Result<()>,
) {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["run", "--quiet", "--manifest-path"]).arg(root().join("Cargo.toml"));
    cargo.args(["--", "--port", "0"]).current_dir(folder);
    let (mut lab, address) = start(&mut cargo, |line| line.starts_with("http://"));
    let book = format!("{address}/");
    with_browser(async |browser| {
        browser.goto(&book).await?;
        let title = browser.title().await?;
        ensure!(title != "The book cannot be built", "cargo run has said why");
        test(browser, &book, &mut lab).await
    })
    .await;
}

/// Has `test` use a browser, which ends with it.
pub async fn with_browser(test: impl AsyncFnOnce(&Browser) -> Result<()>) {
    let mut chromedriver = Command::new("chromedriver");
    let started = "was started successfully on port ";
    let (_chromedriver, line) = start(chromedriver.arg("--port=0"), |line| line.contains(started));
    let port = line.rsplit(' ').next().unwrap_or_default().trim_end_matches('.');

    let browser = Browser::start(port).await.expect("chromium starts");
    let result = test(&browser).await;
    browser.0.clone().quit().await.expect("chromium ends");
    if let Err(fault) = result {
        panic!("{fault:#}");
    }
}

/// A program that ends with this value.
pub struct Running(Child);

impl Running {
    pub fn end(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.end();
    }
}

/// Starts a program and waits for the line that says it is ready.
pub fn start(command: &mut Command, ready: impl Fn(&str) -> bool) -> (Running, String) {
    let program = command.get_program().to_string_lossy().into_owned();
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().unwrap_or_else(|error| {
        panic!("cannot run `{program}`: {error}; on Debian: apt-get install chromium chromium-driver")
    });
    let output = BufReader::new(child.stdout.take().expect("it was piped"));
    let running = Running(child);
    let mut lines = output.lines().map_while(Result::ok);
    let line = lines.find(|line| ready(line));
    // Read on, or the program could come to wait for a reader of its output.
    std::thread::spawn(move || lines.for_each(drop));
    (running, line.unwrap_or_else(|| panic!("`{program}` ended before it was ready")))
}

/// A headless Chromium that keeps what its console and its network log say.
pub struct Browser(WebDriver);

impl std::ops::Deref for Browser {
    type Target = WebDriver;

    fn deref(&self) -> &WebDriver {
        &self.0
    }
}

impl Browser {
    async fn start(chromedriver_port: &str) -> Result<Browser> {
        let mut wanted = DesiredCapabilities::chrome();
        for argument in ["--headless", "--no-sandbox", "--disable-gpu", "--window-size=1280,1000"] {
            wanted.add_arg(argument)?;
        }
        for log in ["browser", "performance"] {
            wanted.set_logging_prefs(log, LoggingPrefsLogLevel::All)?;
        }
        let address = format!("http://127.0.0.1:{chromedriver_port}");
        let driver = WebDriver::new(address, wanted).await?;
        driver.cdp().send_raw("Network.setCacheDisabled", json!({ "cacheDisabled": true })).await?;
        Ok(Browser(driver))
    }

    /// Loads a page as a reader would who comes for the first time.
    pub async fn first_load(&self, page: &str) -> Result<Load> {
        self.get_log("performance").await?;
        self.browser_log().await?;
        self.goto(page).await?;
        let mut load = Load::default();
        let mut address_of = BTreeMap::new();
        for entry in self.get_log("performance").await? {
            let entry: Value = serde_json::from_str(&entry.message)?;
            let params = &entry["message"]["params"];
            let id = params["requestId"].as_str().unwrap_or_default().to_owned();
            match entry["message"]["method"].as_str() {
                Some("Network.requestWillBeSent") => {
                    let address = params["request"]["url"].as_str().unwrap_or_default().to_owned();
                    if !address.starts_with("data:") {
                        load.requests.push((address.clone(), 0));
                        address_of.insert(id, load.requests.len() - 1);
                    }
                }
                Some("Network.loadingFinished") => {
                    if let Some(&request) = address_of.get(&id) {
                        let bytes = params["encodedDataLength"].as_f64().unwrap_or_default();
                        load.requests[request].1 = bytes as u64;
                    }
                }
                _ => {}
            }
        }
        load.console = self.console().await?;
        // A static host is never asked for what a page needs to run experiments.
        let later = "typeof later_files === 'undefined' ? [] \
                     : later_files.map(file => new URL(file, location.href).href)";
        let later = self.strings(later).await?;
        load.requests.retain(|(address, _)| !address.contains("/lab/") && !later.contains(address));
        Ok(load)
    }

    /// What the console has said since it was last asked.
    pub async fn console(&self) -> Result<Vec<String>> {
        Ok(self.browser_log().await?.into_iter().map(|entry| entry.message).collect())
    }

    pub async fn console_is_empty(&self) -> Result<()> {
        let console = self.console().await?;
        ensure!(console.is_empty(), "the console says {console:?}");
        Ok(())
    }

    pub async fn string(&self, expression: &str) -> Result<String> {
        Ok(self.execute(format!("return {expression}"), []).await?.convert()?)
    }

    pub async fn strings(&self, expression: &str) -> Result<Vec<String>> {
        Ok(self.execute(format!("return {expression}"), []).await?.convert()?)
    }

    /// Waits until `ready`, a function of the element with this id, returns something, which it
    /// looks for whenever the page changes.
    pub async fn wait_for(&self, id: &str, ready: &str) -> Result<WebElement> {
        let script = r#"
            const [id, done] = arguments;
            const ready = READY;
            const look = () => {
                const found = ready(document.getElementById(id));
                if (found) { observer.disconnect(); removeEventListener("focusin", look); done(found); }
            };
            const observer = new MutationObserver(look);
            observer.observe(document, { childList: true, subtree: true, attributes: true });
            addEventListener("focusin", look);
            look();
        "#;
        let script = script.replace("READY", ready);
        let found = self.execute_async(script, [json!(id)]).await;
        Ok(found.with_context(|| format!("waiting for #{id}: {ready}"))?.element()?)
    }

    /// Clicks on the first "run" and waits for what is shown in the end.
    pub async fn run_snippet(&self) -> Result<String> {
        let script = r#"
            const [done] = arguments;
            const run = [...document.querySelectorAll(".tools button")].find(b => b.textContent === "run");
            const block = run.closest("pre");
            block.querySelector("output")?.remove();
            new MutationObserver((_, observer) => {
                const shown = block.querySelector("output")?.textContent ?? "";
                if (shown && !shown.startsWith("running")) { observer.disconnect(); done(shown); }
            }).observe(block, { childList: true, subtree: true, characterData: true });
            run.click();
        "#;
        Ok(self.execute_async(script, []).await?.convert()?)
    }
}

/// What loading a page took and said.
#[derive(Debug, Default)]
pub struct Load {
    /// Addresses, with the bytes that came over the wire.
    requests: Vec<(String, u64)>,
    console: Vec<String>,
}

impl Load {
    /// Where the page asks for what is not below `place`, and what the console says.
    pub fn strays(&self, place: &str) -> Vec<String> {
        let foreign = self.requests.iter().filter(|(address, _)| !address.starts_with(place));
        let foreign = foreign.map(|(address, _)| format!("asks another host for {address}"));
        let said = self.console.iter().map(|message| format!("the console says {message}"));
        foreign.chain(said).collect()
    }

    /// Where the page breaks the rules, the heaviest first.
    pub fn faults(&self, host: &str) -> Vec<String> {
        let mut faults = self.strays(host);
        let bytes: u64 = self.requests.iter().map(|(_, bytes)| bytes).sum();
        let count = self.requests.len() + ICON_REQUESTS;
        if count > MOST_REQUESTS || bytes > MOST_BYTES {
            let mut requests = self.requests.clone();
            requests.sort_by_key(|(_, bytes)| std::cmp::Reverse(*bytes));
            let list: Vec<_> =
                requests.iter().map(|(address, bytes)| format!("  {bytes} {address}")).collect();
            faults.push(format!(
                "takes {count} requests and {bytes} bytes; {MOST_REQUESTS} and {MOST_BYTES} are \
                 allowed:\n{}",
                list.join("\n")
            ));
        }
        faults
    }
}
