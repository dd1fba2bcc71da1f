//! Two of everything, side by side on one thread.

use tokio::sync::Mutex;
use tokio::task::yield_now;
use tokio::{join, select};

// ANCHOR: deposits
/// Two tasks make so many deposits each, of one.
pub async fn deposits(times: u64, deposit: impl AsyncFn()) {
    let many = async || {
        for _ in 0..times {
            deposit().await;
        }
    };
    join!(many(), many());
}
// ANCHOR_END: deposits

// ANCHOR: paid_twice
/// Two payments at once. Returns whether both were made.
pub async fn paid_twice(pay: impl AsyncFn() -> bool) -> bool {
    join!(pay(), pay()) == (true, true)
}
// ANCHOR_END: paid_twice

// ANCHOR: transfers
/// Two transfers in opposite directions. Returns whether they are stuck: still
/// not done after a thousand turns, where each needs fewer than ten.
pub async fn transfers(transfer: impl AsyncFn(&[Mutex<i64>], usize, usize, i64)) -> bool {
    let accounts = [Mutex::new(100), Mutex::new(100)];
    let both = async { join!(transfer(&accounts, 0, 1, 30), transfer(&accounts, 1, 0, 20)) };
    let many_turns = async {
        for _ in 0..1_000 {
            yield_now().await;
        }
    };
    select! {
        biased;
        _ = both => false,
        _ = many_turns => true,
    }
}
// ANCHOR_END: transfers
