//! A counter shared by tasks, which take turns only where they await.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use tokio::task::yield_now;

// ANCHOR: count
/// Adds one, `times` times, and lets others run after every `turn` of them.
pub async fn count(counter: &AtomicU64, times: u64, turn: u64) {
    for done in 1..=times {
        let seen = counter.load(Relaxed);
        counter.store(seen + 1, Relaxed);
        if done % turn == 0 {
            yield_now().await;
        }
    }
}
// ANCHOR_END: count

// ANCHOR: both
/// Two tasks on one counter.
pub async fn both(counter: &AtomicU64, times: u64, turn: u64) {
    tokio::join!(count(counter, times, turn), count(counter, times, turn));
}
// ANCHOR_END: both
