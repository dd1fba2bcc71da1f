//! Experiments run from their pages: the lab, its book and a real browser together.

mod chromium;

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use chromium::{Browser, in_browser, with_lab};
use house_tests::root;
use serde_json::{Value, json};
use taking_turns::report::Report;
use thirtyfour::{By, Key, WebElement};

const PAGE: &str = "races/race_condition.html";
const NAME: &str = "race_condition";

/// For an experiment that must be compiled first, on a machine that does much else.
const PATIENCE: Duration = Duration::from_secs(300);

/// Opens a chapter and waits until its experiment is built and its controls are there.
async fn open(browser: &Browser, page: &str, name: &str) -> Result<()> {
    browser.set_script_timeout(PATIENCE).await?;
    browser.goto(page).await?;
    let built = "panel => panel.querySelector('.live .field input')";
    browser.wait_for(name, built).await.context("waiting for the controls")?;
    Ok(browser.set_script_timeout(Duration::from_secs(60)).await?)
}

async fn find(browser: &Browser, selector: &str) -> Result<WebElement> {
    Ok(browser.find(By::Css(format!(".live {selector}"))).await?)
}

async fn text(browser: &Browser, selector: &str) -> Result<String> {
    Ok(find(browser, selector).await?.text().await?)
}

/// Types into the control of a parameter, in place of what stands there.
async fn choose(browser: &Browser, parameter: &str, value: &str) -> Result<()> {
    let input = find(browser, &format!("input[id$='-{parameter}']")).await?;
    input.send_keys(Key::Control + "a").await?;
    input.send_keys(value).await?;
    Ok(())
}

async fn press(browser: &Browser) -> Result<()> {
    Ok(find(browser, ".run").await?.click().await?)
}

/// Waits until the panel's state begins with `words`.
async fn state(browser: &Browser, name: &str, words: &str) -> Result<()> {
    let ready = format!(
        "panel => {{ const told = panel.querySelector('.live .told'); \
         return told.textContent.startsWith({}) && told; }}",
        json!(words)
    );
    let waited = browser.wait_for(name, &ready).await;
    match waited {
        Ok(_) => Ok(()),
        Err(error) => {
            let said = text(browser, ".told").await?;
            Err(error.context(format!("the panel says “{said}”")))
        }
    }
}

/// Runs until somebody stops it.
async fn run_for_long(browser: &Browser) -> Result<()> {
    choose(browser, "increments", "10 000 000").await?;
    choose(browser, "trials", "100_000").await?;
    press(browser).await
}

#[tokio::test]
async fn a_reader_changes_a_parameter_runs_stops_and_runs_again() {
    in_browser(root(), async |browser, book| {
        open(browser, &format!("{book}{PAGE}"), NAME).await?;
        let command = async || text(browser, ".command .typed").await;
        ensure!(command().await? == "cargo run --example race_condition");

        // What is not allowed is told where it stands, and is not run.
        for wrong in ["65", "0", "-2", "2.5", "two", ""] {
            choose(browser, "threads", "").await?;
            find(browser, "input[id$='-threads']").await?.send_keys(Key::Backspace + wrong).await?;
            let hint = text(browser, ".field:first-child .hint").await?;
            ensure!(hint == "✗ a whole number, 1 to 64", "{wrong}: {hint}");
            press(browser).await?;
            let at = browser.string("document.activeElement.id").await?;
            ensure!(at == "race_condition-live-threads", "{wrong}: {at} has the focus");
            ensure!(text(browser, ".run").await? == "Run here ▸", "{wrong} is run");
        }

        choose(browser, "threads", "3").await?;
        let hint = text(browser, ".field:first-child .hint").await?;
        ensure!(hint == "Threads that share the counter, 1 to 64, default 2", "{hint}");
        run_for_long(browser).await?;
        browser
            .wait_for(NAME, "panel => / of 100 000 trials$/.test(panel.querySelector('.count').textContent) && panel")
            .await?;
        ensure!(text(browser, ".run").await? == "Stop ■");
        let long = "cargo run --example race_condition -- --threads 3 --increments 10000000 --trials 100000";
        ensure!(command().await? == long, "{}", command().await?);
        press(browser).await?;
        state(browser, NAME, "stopped after ").await?;
        ensure!(browser.find_all(By::Css(".compared")).await?.is_empty(), "a stopped run has a result");

        // The same again, small, by keyboard, with the twin.
        for (label, after) in [(1, "--quick"), (2, "--quick --twin")] {
            let label = format!(".boxes label:nth-child({label})");
            find(browser, &label).await?.click().await?;
            ensure!(command().await?.ends_with(after), "{}", command().await?);
        }
        choose(browser, "increments", "5000").await?;
        let trials = "input[id$='-trials']";
        choose(browser, "trials", "4").await?;
        find(browser, trials).await?.send_keys(Key::Enter).await?;
        state(browser, NAME, "ran for ").await?;
        let typed = command().await?;
        ensure!(typed == "cargo run --example race_condition -- --threads 3 --increments 5000 --trials 4 --quick --twin");
        let shown = text(browser, ".compared").await?.replace('\u{a0}', " ");
        for words in [
            "Your run threads 3 · increments 5000 · 4 trials",
            "With a mutex, every trial ends at the number of increments.",
            "yours: holds: 4 of 4 trials",
            "your run, ",
            "Python ",
        ] {
            ensure!(shown.contains(words), "{words}\n{shown}");
        }
        ensure!(text(browser, ".run").await? == "Run again ▸");
        browser.console_is_empty().await
    })
    .await;
}

#[tokio::test]
async fn the_page_types_the_command_that_the_report_names() {
    in_browser(root(), async |browser, book| {
        open(browser, &format!("{book}{PAGE}"), NAME).await?;
        find(browser, ".boxes input").await?.click().await?;
        choose(browser, "threads", "4").await?;
        let script = r#"
            const [done] = arguments;
            const draw = Reports.comparison;
            Reports.comparison = (report, ...others) => (done(JSON.stringify(report)), draw(report, ...others));
            document.querySelector(".live .run").click();
        "#;
        let report: String = browser.execute_async(script, []).await?.convert()?;
        let report = Report::parse(&report)?;
        let typed = text(browser, ".command .typed").await?;
        ensure!(report.command == typed, "{} and {typed}", report.command);
        browser.console_is_empty().await
    })
    .await;
}

#[tokio::test]
async fn a_second_tab_waits_in_the_queue() {
    in_browser(root(), async |browser, book| {
        let page = format!("{book}{PAGE}");
        let first = browser.window().await?;
        open(browser, &page, NAME).await?;
        run_for_long(browser).await?;
        state(browser, NAME, "running").await?;

        let second = browser.new_tab().await?;
        browser.switch_to_window(second.clone()).await?;
        open(browser, &page, NAME).await?;
        find(browser, ".boxes input").await?.click().await?;
        press(browser).await?;
        state(browser, NAME, "queued, 1 run ahead").await?;

        // The first goes with its page; the second has its turn.
        browser.switch_to_window(first).await?;
        browser.console_is_empty().await?;
        browser.goto("about:blank").await?;
        browser.switch_to_window(second).await?;
        state(browser, NAME, "ran for ").await?;
        browser.console_is_empty().await
    })
    .await;
}

#[tokio::test]
async fn what_an_experiment_prints_is_text() {
    let markup =
        "<script>document.title='taken'</script><img src=x onerror=document.title='taken'>";
    in_browser(root(), async |browser, book| {
        open(browser, &format!("{book}one_thing/io_bound.html"), "io_bound").await?;
        choose(browser, "url", markup).await?;
        let command = text(browser, ".command .typed").await?;
        let quoted =
            format!("cargo run --example io_bound -- --url '{}'", markup.replace('\'', r"'\''"));
        ensure!(command == quoted, "{command}");
        press(browser).await?;
        state(browser, "io_bound", "it failed with ").await?;
        let said = [text(browser, ".told").await?, text(browser, ".said pre").await?].concat();
        ensure!(said.contains("<script>document.title"), "{said}");
        let made = browser.find_all(By::Css(".live script, .live img")).await?;
        ensure!(made.is_empty(), "elements were made of text");
        ensure!(browser.title().await? != "taken");
        browser.console_is_empty().await
    })
    .await;
}

#[tokio::test]
async fn a_page_says_when_the_lab_has_gone() {
    with_lab(root(), async |browser, book, lab| {
        open(browser, &format!("{book}{PAGE}"), NAME).await?;
        run_for_long(browser).await?;
        state(browser, NAME, "running").await?;
        lab.end();
        state(browser, NAME, "The lab went away before the run was over.").await?;
        ensure!(text(browser, ".run").await? == "Run again ▸");
        press(browser).await?;
        state(browser, NAME, "The lab does not answer. Is `cargo run` still running?").await
    })
    .await;
}

/// A page on another port of this machine that sends what a page may send without asking, and
/// frames what it may not read. tests/hostile.rs sees that it reads nothing.
const HOSTILE: &str = r#"<!DOCTYPE html><title>hostile</title><iframe name=frame></iframe><form></form><script>
    const lab = "BOOK";
    const [frame, form] = document.querySelectorAll("iframe, form");
    const run = JSON.stringify({ experiment: "race_condition", trials: 100000 });
    const framed = (load) => new Promise((resolve, reject) => {
        frame.onload = () => { try { frame.contentDocument ? resolve() : reject(); } catch { reject(); } };
        load();
    });
    const tries = {
        "text is answered": () => fetch(lab + "lab/runs", { method: "POST", body: run, mode: "no-cors" }),
        "an image is loaded": () => new Promise((resolve, reject) => {
            const query = `?experiment=race_condition&trials=100000`;
            Object.assign(new Image(), { onload: resolve, onerror: reject, src: `${lab}lab/runs${query}` });
        }),
        "a page is framed": () => framed(() => { frame.src = `${lab}races/race_condition.html`; }),
        "a form is answered": () => framed(() => {
            Object.assign(form, { action: `${lab}lab/runs`, method: "post", enctype: "text/plain", target: "frame" });
            const input = Object.assign(document.createElement("input"), { name: `${run.slice(0, -1)},"x":"`, value: `"}` });
            form.append(input);
            form.submit();
        }),
    };
    window.achieved = (async () => {
        const achieved = [];
        for (const [what, attempt] of Object.entries(tries)) {
            await attempt().then(() => achieved.push(what), () => {});
        }
        return achieved;
    })();
</script>"#;

#[tokio::test]
async fn nothing_that_a_hostile_page_sends_is_run() {
    in_browser(root(), async |browser, book| {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let address = format!("http://{}/", listener.local_addr()?);
        let page = HOSTILE.replace("BOOK", book);
        std::thread::spawn(move || serve(&listener, &page));

        open(browser, &format!("{book}{PAGE}"), NAME).await?;
        browser.goto(&address).await?;
        let script = "const [done] = arguments; window.achieved.then(done);";
        let achieved: Vec<String> = browser.execute_async(script, []).await?.convert()?;
        ensure!(achieved.is_empty(), "{achieved:?}");
        ensure!(browser.title().await? == "hostile");

        // Nothing of it runs or waits: the next run of a reader does not stand behind it.
        let asked = "const [done] = arguments; \
            const said = []; \
            const Socket = WebSocket; \
            window.WebSocket = function (...given) { \
                const socket = new Socket(...given); \
                socket.addEventListener('message', ({ data }) => said.push(JSON.parse(data))); \
                socket.addEventListener('close', () => done(said)); \
                return socket; \
            }; \
            document.querySelector('.live .boxes input').click(); \
            document.querySelector('.live .run').click();";
        open(browser, &format!("{book}{PAGE}"), NAME).await?;
        let said: Vec<Value> = browser.execute_async(asked, []).await?.convert()?;
        let ahead = said.iter().filter_map(|message| message["ahead"].as_u64()).max();
        ensure!(ahead.unwrap_or(0) == 0, "{ahead:?} runs were ahead");
        let last = said.last().map(|message| message["outcome"].clone());
        ensure!(last == Some(json!("finished")), "{last:?}");
        Ok(())
    })
    .await;
}

/// Answers every request with `page`, until the test ends.
fn serve(listener: &TcpListener, page: &str) {
    for connection in listener.incoming() {
        let Ok(mut connection) = connection else { continue };
        let Ok(reading) = connection.try_clone() else { continue };
        let head = BufReader::new(reading).lines().map_while(Result::ok);
        let _ = head.take_while(|line| !line.is_empty()).count();
        let _ = write!(
            connection,
            "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{page}",
            page.len()
        );
    }
}
