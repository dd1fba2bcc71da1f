//! Refused in four_boxes: weighed on the loop's thread
//! Hint: To weigh takes a while

/// The weight of all boxes. To weigh an item takes a while, and blocks.
pub async fn weigh_all(boxes: Vec<Vec<u32>>, weigh: fn(u32) -> u32) -> u32 {
    let weigh_box =
        |items: Vec<u32>| tokio::spawn(async move { items.into_iter().map(weigh).sum::<u32>() });
    let jobs: Vec<_> = boxes.into_iter().map(weigh_box).collect();
    let mut weight = 0;
    for job in jobs {
        weight += job.await.unwrap();
    }
    weight
}
