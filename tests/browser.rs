//! The book in a real browser: the bar, and the button that runs a snippet.

mod chromium;
mod load;

use std::path::Path;

use anyhow::ensure;
use chromium::in_browser;
use house_tests::root;
use load::Load;
use serde_json::{Value, json};
use thirtyfour::By;

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

        browser.find(By::Id("mdbook-search-toggle")).await?.click().await?;
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
        let load = Load::first(browser, book).await?;
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
