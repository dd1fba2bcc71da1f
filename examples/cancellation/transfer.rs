//! A transfer that may be stopped at its await.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering::Relaxed};

use tokio::task::yield_now;

// One thread runs all tasks here, and the atomics are plain variables to it.

// ANCHOR: across
/// Takes, awaits, gives.
pub async fn across(accounts: Arc<[AtomicI64; 2]>, amount: i64) {
    let [from, to] = &*accounts;
    from.fetch_sub(amount, Relaxed);
    yield_now().await;
    to.fetch_add(amount, Relaxed);
}
// ANCHOR_END: across

// ANCHOR: undone
/// Takes, awaits, gives; and gives back if it is stopped at the await.
pub async fn undone(accounts: Arc<[AtomicI64; 2]>, amount: i64) {
    let [from, to] = &*accounts;
    from.fetch_sub(amount, Relaxed);
    let mut taken = Taken { from, amount };
    yield_now().await;
    to.fetch_add(amount, Relaxed);
    taken.amount = 0;
}

/// Money on its way.
struct Taken<'a> {
    from: &'a AtomicI64,
    amount: i64,
}

impl Drop for Taken<'_> {
    fn drop(&mut self) {
        self.from.fetch_add(self.amount, Relaxed);
    }
}
// ANCHOR_END: undone
