//! Fetching pages one after another: work that waits.

use std::time::{Duration, Instant};

use reqwest::blocking::Client;

/// One page: when it was asked for, when its answer began, when it was read.
pub struct Page {
    pub asked: Duration,
    pub answered: Duration,
    pub read: Duration,
    pub bytes: u64,
}

/// Fetches every address in turn with one client, which keeps its connection.
pub fn one_by_one(client: &Client, addresses: &[String]) -> reqwest::Result<Vec<Page>> {
    let clock = Instant::now();
    addresses
        .iter()
        .map(|address| {
            let asked = clock.elapsed();
            let response = client.get(address).send()?.error_for_status()?;
            let answered = clock.elapsed();
            let bytes = response.bytes()?.len() as u64;
            Ok(Page { asked, answered, read: clock.elapsed(), bytes })
        })
        .collect()
}
