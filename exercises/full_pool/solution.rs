//! What many boxes weigh, with many items each.

use tokio::task::spawn_blocking;

/// The weight of all boxes. To weigh an item takes a while, and blocks.
pub async fn weigh_all(boxes: Vec<Vec<u32>>, weigh: fn(u32) -> u32) -> u32 {
    // Whoever waits here is a task, and takes no thread of the pool. A job for
    // each box that weighs its items by itself would do as well.
    let weigh_item = |item| spawn_blocking(move || weigh(item));
    let jobs: Vec<_> = boxes.into_iter().flatten().map(weigh_item).collect();
    let mut weight = 0;
    for job in jobs {
        weight += job.await.unwrap();
    }
    weight
}
