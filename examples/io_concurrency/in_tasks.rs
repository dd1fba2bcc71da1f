//! Requests in tasks, all on one thread, by reqwest's async client.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use reqwest::Client;
use tokio::task::JoinSet;

async fn get(client: &Client, address: &str) -> reqwest::Result<usize> {
    Ok(client.get(address).send().await?.error_for_status()?.bytes().await?.len())
}

// ANCHOR: each
/// A task for each page.
pub async fn each(client: Client, addresses: Arc<[String]>) -> reqwest::Result<usize> {
    let mut tasks = JoinSet::new();
    for number in 0..addresses.len() {
        let (client, addresses) = (client.clone(), addresses.clone());
        tasks.spawn(async move { get(&client, &addresses[number]).await });
    }
    tasks.join_all().await.into_iter().sum()
}
// ANCHOR_END: each

// ANCHOR: pool
/// So many tasks, each of which fetches one page after another.
pub async fn pool(client: Client, addresses: Arc<[String]>, size: usize) -> reqwest::Result<usize> {
    // Relaxed: each number is given out once, and nothing else depends on it.
    let next = Arc::new(AtomicUsize::new(0));
    let mut tasks = JoinSet::new();
    for _ in 0..size {
        let (client, addresses, next) = (client.clone(), addresses.clone(), next.clone());
        tasks.spawn(async move {
            let mut bytes = 0;
            while let Some(address) = addresses.get(next.fetch_add(1, Relaxed)) {
                bytes += get(&client, address).await?;
            }
            Ok(bytes)
        });
    }
    tasks.join_all().await.into_iter().sum()
}
// ANCHOR_END: pool
