//! Refused in four_boxes: weighed on more threads than the pool has
//! Hint: Threads that you start yourself

use std::thread;

use tokio::task::spawn_blocking;

/// The weight of all boxes. To weigh an item takes a while, and blocks.
pub async fn weigh_all(boxes: Vec<Vec<u32>>, weigh: fn(u32) -> u32) -> u32 {
    let weigh_box = |items: Vec<u32>| thread::spawn(move || items.into_iter().map(weigh).sum());
    let jobs: Vec<thread::JoinHandle<u32>> = boxes.into_iter().map(weigh_box).collect();
    let sum = || jobs.into_iter().map(|job| job.join().unwrap()).sum();
    spawn_blocking(sum).await.unwrap()
}
