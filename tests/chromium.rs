//! Chromium, driven by chromedriver, against the book that `cargo run` serves.

// Each test program uses a part of this.
#![allow(dead_code, missing_docs)]

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, ensure};
use house_tests::root;
use serde_json::json;
use thirtyfour::LoggingPrefsLogLevel;
use thirtyfour::prelude::*;

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
        // A search changes the address with each key, and these tests type faster than anybody.
        let patient = "--disable-ipc-flooding-protection";
        let size = "--window-size=1280,1000";
        for argument in ["--headless", "--no-sandbox", "--disable-gpu", size, patient] {
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

    /// Has every page that is loaded from now on run `script` before anything of its own.
    pub async fn before_each_page(&self, script: &str) -> Result<()> {
        let parameters = json!({ "source": script });
        self.cdp().send_raw("Page.addScriptToEvaluateOnNewDocument", parameters).await?;
        Ok(())
    }

    /// Shows pages as any static host would: without the mark by which they know the lab.
    pub async fn as_from_a_static_host(&self) -> Result<()> {
        let script = "new MutationObserver((_, observer) => {
            const token = document.querySelector('meta[name=lab-token]');
            if (token) { token.remove(); observer.disconnect(); }
        }).observe(document, { childList: true, subtree: true })";
        self.before_each_page(script).await
    }

    /// As wide and as high as a window of this size.
    pub async fn resize(&self, (width, height): (u32, u32)) -> Result<()> {
        let size =
            json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.cdp().send_raw("Emulation.setDeviceMetricsOverride", size).await?;
        Ok(())
    }

    /// With the reader's wish for little motion, and so without waiting for any to end.
    pub async fn with_less_motion(&self) -> Result<()> {
        let less = json!({ "features": [{ "name": "prefers-reduced-motion", "value": "reduce" }] });
        self.cdp().send_raw("Emulation.setEmulatedMedia", less).await?;
        Ok(())
    }

    /// The addresses of all pages of the book, without repetition.
    pub async fn pages(&self, book: &str) -> Result<Vec<String>> {
        self.goto(book).await?;
        let pages = "[...document.querySelectorAll('#mdbook-sidebar a')].map(a => a.href)";
        let mut pages = self.strings(pages).await?;
        ensure!(pages.len() > 5, "the contents list {} pages", pages.len());
        pages.extend(["", "404.html"].map(|page| format!("{book}{page}")));
        Ok(pages)
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
