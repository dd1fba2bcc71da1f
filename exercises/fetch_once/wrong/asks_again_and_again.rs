//! Refused in two: too many states
//! Hint: A task that looks again

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering::Relaxed};
use tokio::task::yield_now;

pub struct Cache {
    fetching: AtomicBool,
    value: AtomicU32,
}

impl Cache {
    pub fn new() -> Self {
        Cache { fetching: AtomicBool::new(false), value: AtomicU32::new(0) }
    }

    /// The value; fetched if it is not here yet.
    pub async fn get(&self, fetch: impl AsyncFnOnce() -> u32) -> u32 {
        if !self.fetching.swap(true, Relaxed) {
            self.value.store(fetch().await, Relaxed);
        }
        while self.value.load(Relaxed) == 0 {
            yield_now().await;
        }
        self.value.load(Relaxed)
    }
}
