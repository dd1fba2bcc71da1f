//! Fetching pages one after another: work that waits.

use std::time::{Duration, Instant};

use reqwest::blocking::Client;

/// One page, with times since the first was asked for.
pub struct Page {
    /// When it was asked for.
    pub asked: Duration,
    /// When its answer began.
    pub answered: Duration,
    /// When the last byte was there.
    pub read: Duration,
    /// Length of its body.
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
