//! A long job beside other tasks.

use tokio::task::yield_now;

/// Far below what others may wait for, and far above what a turn costs.
const LINES_IN_A_TURN: usize = 100;

/// The words of all lines. `count` counts those of one.
pub async fn count_words(lines: Vec<String>, count: fn(&str) -> usize) -> usize {
    let mut words = 0;
    for part in lines.chunks(LINES_IN_A_TURN) {
        words += part.iter().map(|line| count(line)).sum::<usize>();
        // To await an `async fn` that need not wait is to go straight on. This
        // one waits: for the others.
        yield_now().await;
    }
    words
}
