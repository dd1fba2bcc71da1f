//! What the first load of a page takes and says.

// Each test program uses a part of this.
#![allow(dead_code)]

use std::collections::BTreeMap;

use anyhow::Result;
use serde_json::Value;

use crate::chromium::Browser;

/// What the first load of a page may cost, compressed.
const MOST_REQUESTS: usize = 12;
const MOST_BYTES: u64 = 120_000;

/// What must have come before anything is drawn, besides the page itself: style sheets and no
/// script. How long it takes depends on the network; on how much of this it waits does not.
const MOST_BLOCKING_REQUESTS: usize = 4;
const MOST_BLOCKING_BYTES: u64 = 20_000;

/// What a reader's browser would show of the page and this one, having no tab, does not ask for.
const ICON_REQUESTS: usize = 1;

const BLOCKING: &str = "performance.getEntriesByType('resource')
    .filter(({ renderBlockingStatus }) => renderBlockingStatus === 'blocking')
    .map(({ name }) => name)";

/// What loading a page took and said.
#[derive(Debug, Default)]
pub struct Load {
    /// Addresses, with the bytes that came over the wire.
    requests: Vec<(String, u64)>,
    /// The addresses without which nothing is drawn.
    blocking: Vec<String>,
    console: Vec<String>,
}

impl Load {
    /// Loads a page as a reader would who comes for the first time.
    pub async fn first(browser: &Browser, page: &str) -> Result<Load> {
        browser.get_log("performance").await?;
        browser.browser_log().await?;
        browser.goto(page).await?;
        let mut load = Load::default();
        let mut address_of = BTreeMap::new();
        for entry in browser.get_log("performance").await? {
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
        load.console = browser.console().await?;
        load.blocking = browser.strings(BLOCKING).await?;
        Ok(load)
    }

    pub fn count(&self) -> usize {
        self.requests.len() + ICON_REQUESTS
    }

    pub fn bytes(&self) -> u64 {
        self.requests.iter().map(|(_, bytes)| bytes).sum()
    }

    pub fn blocking_bytes(&self) -> u64 {
        self.blocking().map(|(_, bytes)| bytes).sum()
    }

    /// The size of the page itself.
    pub fn page_bytes(&self) -> u64 {
        self.requests.first().map_or(0, |(_, bytes)| *bytes)
    }

    /// Where the page asks for what is not below `place`, and what the console says.
    pub fn strays(&self, place: &str) -> Vec<String> {
        let foreign = self.requests.iter().filter(|(address, _)| !address.starts_with(place));
        let foreign = foreign.map(|(address, _)| format!("asks another host for {address}"));
        let said = self.console.iter().map(|message| format!("the console says {message}"));
        foreign.chain(said).collect()
    }

    /// Where the page breaks the rules.
    pub fn faults(&self, host: &str) -> Vec<String> {
        let mut faults = self.strays(host);
        faults.extend(over(
            "takes",
            (self.count(), self.bytes()),
            (MOST_REQUESTS, MOST_BYTES),
            self.requests.iter().collect(),
        ));
        faults.extend(over(
            "is not drawn before it has",
            (self.blocking.len(), self.blocking_bytes()),
            (MOST_BLOCKING_REQUESTS, MOST_BLOCKING_BYTES),
            self.blocking().collect(),
        ));
        let scripts = self.blocking.iter().filter(|address| !address.ends_with(".css"));
        faults.extend(scripts.map(|address| format!("is not drawn before it has {address}")));
        faults
    }

    fn blocking(&self) -> impl Iterator<Item = &(String, u64)> {
        self.requests.iter().filter(|(address, _)| self.blocking.contains(address))
    }
}

/// What is over its budget, with what it consists of, the heaviest first.
fn over(
    what: &str,
    (requests, bytes): (usize, u64),
    (most_requests, most_bytes): (usize, u64),
    mut parts: Vec<&(String, u64)>,
) -> Option<String> {
    if requests <= most_requests && bytes <= most_bytes {
        return None;
    }
    parts.sort_by_key(|(_, bytes)| std::cmp::Reverse(*bytes));
    let list: Vec<_> =
        parts.iter().map(|(address, bytes)| format!("  {bytes} {address}")).collect();
    Some(format!(
        "{what} {requests} requests and {bytes} bytes; {most_requests} and {most_bytes} are \
         allowed:\n{}",
        list.join("\n")
    ))
}
