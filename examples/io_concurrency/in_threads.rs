//! Requests in threads, by reqwest's blocking client and by ureq.

use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::thread;

use reqwest::blocking::Client;

fn get(client: &Client, address: &str) -> reqwest::Result<usize> {
    Ok(client.get(address).send()?.error_for_status()?.bytes()?.len())
}

// ANCHOR: one_by_one
/// Bytes of all pages, fetched one after another.
pub fn one_by_one(client: &Client, addresses: &[String]) -> reqwest::Result<usize> {
    addresses.iter().map(|address| get(client, address)).sum()
}
// ANCHOR_END: one_by_one

// ANCHOR: each
/// A thread for each page.
pub fn each(client: &Client, addresses: &[String]) -> reqwest::Result<usize> {
    thread::scope(|scope| {
        let threads: Vec<_> =
            addresses.iter().map(|address| scope.spawn(|| get(client, address))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).sum()
    })
}
// ANCHOR_END: each

// ANCHOR: pool
/// So many threads, each of which fetches one page after another.
pub fn pool(client: &Client, addresses: &[String], size: usize) -> reqwest::Result<usize> {
    // Relaxed: each number is given out once, and nothing else depends on it.
    let next = AtomicUsize::new(0);
    let worker = || {
        let mut bytes = 0;
        while let Some(address) = addresses.get(next.fetch_add(1, Relaxed)) {
            bytes += get(client, address)?;
        }
        Ok(bytes)
    };
    thread::scope(|scope| {
        let threads: Vec<_> = (0..size).map(|_| scope.spawn(worker)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).sum()
    })
}
// ANCHOR_END: pool

// ANCHOR: ureq
/// A thread for each page, by a client that reads its socket itself.
pub fn each_by_ureq(client: &ureq::Agent, addresses: &[String]) -> Result<usize, ureq::Error> {
    let get = |address| Ok(client.get(address).call()?.body_mut().read_to_vec()?.len());
    thread::scope(|scope| {
        let threads: Vec<_> =
            addresses.iter().map(|address| scope.spawn(move || get(address))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).sum()
    })
}
// ANCHOR_END: ureq
