//! Refused in two_at_once: waits for ever
//! Hint: One thread weighs

use tokio::task::spawn_blocking;

/// The weight of all boxes. To weigh an item takes a while, and blocks.
pub async fn weigh_all(boxes: Vec<Vec<u32>>, weigh: fn(u32) -> u32) -> u32 {
    let mut weight = 0;
    for item in boxes.into_iter().flatten() {
        weight += spawn_blocking(move || weigh(item)).await.unwrap();
    }
    weight
}
