//! Refused in two_at_once: waits for ever
//! Hint: One thread weighs

use tokio::task::spawn_blocking;

/// The weight of all boxes. To weigh an item takes a while, and blocks.
pub async fn weigh_all(boxes: Vec<Vec<u32>>, weigh: fn(u32) -> u32) -> u32 {
    let weigh_all = move || boxes.into_iter().flatten().map(weigh).sum();
    spawn_blocking(weigh_all).await.unwrap()
}
