//! Refused in all_seen: freed before a use
//! Hint: Who frees has not seen

use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

pub struct References {
    count: AtomicUsize,
}

impl References {
    pub fn new(count: usize) -> Self {
        References { count: AtomicUsize::new(count) }
    }

    /// Drops a reference. Whether it was the last one.
    pub fn release(&self) -> bool {
        self.count.fetch_sub(1, Relaxed) == 1
    }
}
