//! Refused in beside_a_heart: panic: can call blocking only when running on the multi-threaded runtime
//! Hint: To block is not allowed

use tokio::task::block_in_place;

/// The words of all lines. `count` counts those of one.
pub async fn count_words(lines: Vec<String>, count: fn(&str) -> usize) -> usize {
    block_in_place(|| lines.iter().map(|line| count(line)).sum())
}
