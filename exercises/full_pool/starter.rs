//! What many boxes weigh, with many items each.

use tokio::runtime::Handle;
use tokio::task::spawn_blocking;

/// The weight of all boxes. To weigh an item takes a while, and blocks.
pub async fn weigh_all(boxes: Vec<Vec<u32>>, weigh: fn(u32) -> u32) -> u32 {
    let weigh_box = |items| spawn_blocking(move || weigh_items(items, weigh));
    let jobs: Vec<_> = boxes.into_iter().map(weigh_box).collect();
    let mut weight = 0;
    for job in jobs {
        weight += job.await.unwrap();
    }
    weight
}

fn weigh_items(items: Vec<u32>, weigh: fn(u32) -> u32) -> u32 {
    let weigh_item = |item| spawn_blocking(move || weigh(item));
    let jobs: Vec<_> = items.into_iter().map(weigh_item).collect();
    jobs.into_iter().map(|job| Handle::current().block_on(job).unwrap()).sum()
}
