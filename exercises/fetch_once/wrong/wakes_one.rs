//! Refused in three: deadlock
//! Hint: Somebody waits to be told

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering::Relaxed};
use tokio::sync::Notify;

pub struct Cache {
    fetching: AtomicBool,
    value: AtomicU32,
    fetched: Notify,
}

impl Cache {
    pub fn new() -> Self {
        let fetching = AtomicBool::new(false);
        Cache { fetching, value: AtomicU32::new(0), fetched: Notify::new() }
    }

    /// The value; fetched if it is not here yet.
    pub async fn get(&self, fetch: impl AsyncFnOnce() -> u32) -> u32 {
        if self.fetching.swap(true, Relaxed) {
            if self.value.load(Relaxed) == 0 {
                self.fetched.notified().await;
            }
        } else {
            self.value.store(fetch().await, Relaxed);
            self.fetched.notify_one();
        }
        self.value.load(Relaxed)
    }
}
