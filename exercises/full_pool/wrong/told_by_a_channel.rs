//! Refused in four_boxes: waits for ever
//! Hint: Each thread of the pool

use std::sync::mpsc;

use tokio::task::spawn_blocking;

/// The weight of all boxes. To weigh an item takes a while, and blocks.
pub async fn weigh_all(boxes: Vec<Vec<u32>>, weigh: fn(u32) -> u32) -> u32 {
    let weigh_box = |items: Vec<u32>| spawn_blocking(move || weigh_items(items, weigh));
    let jobs: Vec<_> = boxes.into_iter().map(weigh_box).collect();
    let mut weight = 0;
    for job in jobs {
        weight += job.await.unwrap();
    }
    weight
}

fn weigh_items(items: Vec<u32>, weigh: fn(u32) -> u32) -> u32 {
    let (sender, weights) = mpsc::channel();
    for item in items {
        let sender = sender.clone();
        spawn_blocking(move || sender.send(weigh(item)));
    }
    drop(sender);
    weights.into_iter().sum()
}
