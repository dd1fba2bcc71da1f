//! Refused in all_seen: freed before a use
//! Hint: It takes two

use std::sync::atomic::{AtomicUsize, Ordering::Acquire};

pub struct References {
    count: AtomicUsize,
}

impl References {
    pub fn new(count: usize) -> Self {
        References { count: AtomicUsize::new(count) }
    }

    /// Drops a reference. Whether it was the last one.
    pub fn release(&self) -> bool {
        self.count.fetch_sub(1, Acquire) == 1
    }
}
