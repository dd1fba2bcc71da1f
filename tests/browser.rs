//! The book in a real browser: Chromium, driven by chromedriver, against the book that `cargo run`
//! serves.

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

#[tokio::test]
async fn every_page_loads_quietly_within_its_budget_and_from_one_host() {
    in_browser(root(), async |browser, book| {
        browser.goto(book).await?;
        let pages =
            browser.strings("[...document.querySelectorAll('#mdbook-sidebar a')].map(a => a.href)");
        let pages = pages.await?;
        ensure!(pages.len() > 5, "the contents list {} pages", pages.len());
        let mut faults = Vec::new();
        for page in pages.iter().map(String::as_str).chain([book]) {
            let load = browser.first_load(page).await?;
            faults.extend(load.faults(book).into_iter().map(|fault| format!("{page}: {fault}")));
        }
        ensure!(faults.is_empty(), "\n{}", faults.join("\n"));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn the_bar_opens_contents_themes_and_search() {
    in_browser(root(), async |browser, book| {
        browser.goto(book).await?;

        let contents = browser.find(By::Id("mdbook-sidebar-toggle")).await?;
        let sidebar = browser.find(By::Id("mdbook-sidebar")).await?;
        for _ in 0..2 {
            let before = sidebar.is_displayed().await?;
            contents.click().await?;
            ensure!(sidebar.is_displayed().await? != before, "the contents do not open and close");
            let expanded = contents.attr("aria-expanded").await?;
            ensure!(expanded.as_deref() == Some(if before { "false" } else { "true" }));
        }

        for theme in ["light", "rust", "coal", "navy", "ayu"] {
            let option = format!("#theme option[value={theme}]");
            browser.find(By::Css(option)).await?.click().await?;
            browser.refresh().await?;
            let class = browser.string("document.documentElement.className").await?;
            ensure!(class.split(' ').any(|name| name == theme), "{theme} is not kept: {class}");
        }

        browser.find(By::Css("body")).await?.send_keys("/").await?;
        let found = browser
            .wait_for("mdbook-searchbar", "bar => bar === document.activeElement && bar")
            .await?;
        found.send_keys("counter").await?;
        browser
            .wait_for(
                "mdbook-searchresults",
                "list => list.textContent.includes('counter') && list",
            )
            .await?;
        browser.console_is_empty().await
    })
    .await;
}

#[tokio::test]
async fn a_snippet_runs_only_when_asked_and_says_what_came_of_it() {
    let book = tempfile::tempdir().expect("a temporary folder");
    write_book(
        book.path(),
        "# Run\n\n\
         ```rust,play\nprintln!(\"one\");\n```\n\n\
         ```rust,ignore\nprintln!(\"never\");\n```\n",
    );
    in_browser(book.path(), async |browser, book| {
        let load = browser.first_load(book).await?;
        let faults = load.faults(book);
        ensure!(faults.is_empty(), "{faults:?}");
        let buttons =
            browser.strings("[...document.querySelectorAll('.tools')].map(t => t.innerText)");
        let buttons = buttons.await?;
        ensure!(buttons[0].contains("run") && !buttons[1].contains("run"), "{buttons:?}");

        let answers = [
            (r#"new Response('{"result": "one\\n", "error": null}')"#, "one"),
            (r#"new Response('{"result": "", "error": null}')"#, "(no output)"),
            ("new Response('', { status: 503 })", "play.rust-lang.org answered with error 503"),
            ("new Response('<html>')", "cannot read the answer of play.rust-lang.org"),
        ];
        for (answer, shown) in answers {
            let script =
                format!("window.fetch = async (...sent) => (window.sent = sent, {answer});");
            browser.execute(script, []).await?;
            let output = browser.run_snippet().await?;
            ensure!(output == shown, "{answer}: {output}");
        }
        let sent = browser.string("JSON.stringify([sent[0], JSON.parse(sent[1].body)])").await?;
        let sent: Value = serde_json::from_str(&sent)?;
        ensure!(sent[0] == "https://play.rust-lang.org/evaluate.json", "{sent}");
        ensure!(sent[1]["edition"] == "2024", "{sent}");
        ensure!(sent[1]["code"] == "fn main() {\nprintln!(\"one\");\n}", "{sent}");
        browser.console_is_empty().await?;

        // Without a network the browser itself notes the failed request; nothing else may be said.
        browser.refresh().await?;
        let offline = json!({
            "offline": true, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1,
        });
        browser.cdp().send_raw("Network.enable", json!({})).await?;
        browser.cdp().send_raw("Network.emulateNetworkConditions", offline).await?;
        let output = browser.run_snippet().await?;
        ensure!(output.starts_with("cannot reach play.rust-lang.org: "), "{output}");
        for entry in browser.browser_log().await? {
            ensure!(entry.source.as_deref() == Some("network"), "{}", entry.message);
        }
        Ok(())
    })
    .await;
}

/// Writes a book of one page in the look of ours.
fn write_book(folder: &Path, page: &str) {
    let write = |file: &str, text: &str| std::fs::write(folder.join(file), text).expect("a file");
    let theme = root().join("theme");
    std::fs::create_dir(folder.join("book")).expect("a folder");
    write("book/SUMMARY.md", "- [Run](run.md)\n");
    write("book/run.md", page);
    write(
        "book.toml",
        &format!(
            "[book]\nsrc = \"book\"\n[output.html]\ntheme = {theme:?}\n\
             [output.html.playground]\nrunnable = false\n"
        ),
    );
}

/// Serves the book in `folder` and has `test` look at it, which is given its address.
async fn in_browser(folder: &Path, test: impl AsyncFnOnce(&Browser, &str) -> Result<()>) {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["run", "--quiet", "--manifest-path"]).arg(root().join("Cargo.toml"));
    cargo.args(["--", "--port", "0"]).current_dir(folder);
    let (_lab, address) = start(&mut cargo, |line| line.starts_with("http://"));

    let mut chromedriver = Command::new("chromedriver");
    let started = "was started successfully on port ";
    let (_chromedriver, line) = start(chromedriver.arg("--port=0"), |line| line.contains(started));
    let port = line.rsplit(' ').next().unwrap_or_default().trim_end_matches('.');

    let browser = Browser::start(port).await.expect("chromium starts");
    let book = format!("{address}/");
    let result = async {
        browser.goto(&book).await?;
        let title = browser.title().await?;
        ensure!(title != "The book cannot be built", "cargo run has said why");
        test(&browser, &book).await
    };
    let result = result.await;
    browser.0.clone().quit().await.expect("chromium ends");
    if let Err(fault) = result {
        panic!("{fault:#}");
    }
}

/// A program that ends with this value.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Starts a program and waits for the line that says it is ready.
fn start(command: &mut Command, ready: impl Fn(&str) -> bool) -> (Running, String) {
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
struct Browser(WebDriver);

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
    async fn first_load(&self, page: &str) -> Result<Load> {
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
        Ok(load)
    }

    /// What the console has said since it was last asked.
    async fn console(&self) -> Result<Vec<String>> {
        Ok(self.browser_log().await?.into_iter().map(|entry| entry.message).collect())
    }

    async fn console_is_empty(&self) -> Result<()> {
        let console = self.console().await?;
        ensure!(console.is_empty(), "the console says {console:?}");
        Ok(())
    }

    async fn string(&self, expression: &str) -> Result<String> {
        Ok(self.execute(format!("return {expression}"), []).await?.convert()?)
    }

    async fn strings(&self, expression: &str) -> Result<Vec<String>> {
        Ok(self.execute(format!("return {expression}"), []).await?.convert()?)
    }

    /// Waits until `ready`, a function of the element with this id, returns something, which it
    /// looks for whenever the page changes.
    async fn wait_for(&self, id: &str, ready: &str) -> Result<WebElement> {
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
    async fn run_snippet(&self) -> Result<String> {
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
struct Load {
    /// Addresses, with the bytes that came over the wire.
    requests: Vec<(String, u64)>,
    console: Vec<String>,
}

impl Load {
    /// Where the page breaks the rules, the heaviest first.
    fn faults(&self, host: &str) -> Vec<String> {
        let mut faults = Vec::new();
        let foreign = self.requests.iter().filter(|(address, _)| !address.starts_with(host));
        faults.extend(foreign.map(|(address, _)| format!("asks another host for {address}")));
        faults.extend(self.console.iter().map(|message| format!("the console says {message}")));
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
