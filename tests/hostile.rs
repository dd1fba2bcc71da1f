//! A page of another server on this machine, open in the same real browser, achieves nothing.

mod chromium;

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::thread;

use anyhow::ensure;
use chromium::in_browser;
use house_tests::root;
use serde_json::json;

/// Tries all that a page can against the lab and one of its scripts, and gives the names of what
/// succeeded.
const TRIES: &str = r#"
    const [lab, script, done] = arguments;
    const element = (name, attributes) => new Promise((loaded, failed) => {
        const element = Object.assign(document.createElement(name), attributes);
        element.onload = loaded;
        element.onerror = failed;
        document.head.append(element);
    });
    const socket = path => new Promise((opened, failed) => {
        const socket = new WebSocket(lab.replace("http", "ws") + path);
        socket.onopen = opened;
        socket.onerror = failed;
    });
    const run = JSON.stringify({ experiment: "race_condition", quick: true });
    const post = options => fetch(`${lab}lab/runs`, { method: "POST", body: run, ...options });
    const tries = {
        "read a page": fetch(lab).then(answer => answer.text()),
        "load a page unread": fetch(lab, { mode: "no-cors" }),
        "load a script": element("script", { src: script }),
        "load an image": element("img", { src: `${lab}favicon.svg` }),
        "hear of a new book": socket("__livereload?build=0"),
        "watch a run": socket("lab/runs/0"),
        "post a run as text": post({ mode: "no-cors" }),
        "post a run as a form": post({ mode: "no-cors", body: new URLSearchParams({ run }) }),
        "post a run as JSON": post({ headers: { "Content-Type": "application/json" } }),
        "post a run with a token": post({
            headers: { "Content-Type": "application/json", "X-Lab-Token": "0".repeat(32) },
        }),
    };
    const names = Object.keys(tries);
    Promise.allSettled(Object.values(tries)).then(all =>
        done(names.filter((_, place) => all[place].status === "fulfilled")));
"#;

#[tokio::test]
async fn a_page_of_another_port_achieves_nothing() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    // One thread each: a browser opens connections ahead, and on some it asks for nothing.
    thread::spawn(move || {
        for stream in listener.incoming() {
            let stream = stream.unwrap();
            thread::spawn(move || answer(stream));
        }
    });

    in_browser(root(), async |browser, book| {
        browser.goto(book).await?;
        let script = browser.string("document.querySelector('script[src]').src").await?;
        let tries = async || -> anyhow::Result<Vec<String>> {
            let arguments = [json!(book), json!(script)];
            Ok(browser.execute_async(TRIES, arguments).await?.convert()?)
        };
        // From a page of the lab's own the same tries are answered, be it by a refusal.
        let own = tries().await?;
        ensure!(own.len() >= 8, "the lab's own page achieved {own:?} alone");

        for host in ["127.0.0.1", "localhost"] {
            browser.goto(format!("http://{host}:{port}/")).await?;
            ensure!(browser.title().await? == "hostile", "the hostile page is not there");
            let achieved = tries().await?;
            ensure!(achieved.is_empty(), "a page of {host}:{port} achieved: {achieved:?}");
        }
        Ok(())
    })
    .await;
}

/// Answers every request with the hostile page.
fn answer(mut stream: std::net::TcpStream) {
    let lines = BufReader::new(&stream).lines().map_while(Result::ok);
    lines.take_while(|line| !line.is_empty()).for_each(drop);
    let page = "<!DOCTYPE html><title>hostile</title>";
    let head = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close";
    // A browser that has gone needs no answer.
    let _ = write!(stream, "{head}\r\nContent-Length: {}\r\n\r\n{page}", page.len());
}
