//! Refused in once: never freed
//! Hint: `fetch_sub` returns what

use std::sync::atomic::{AtomicUsize, Ordering::AcqRel};

pub struct References {
    count: AtomicUsize,
}

impl References {
    pub fn new(count: usize) -> Self {
        References { count: AtomicUsize::new(count) }
    }

    /// Drops a reference. Whether it was the last one.
    pub fn release(&self) -> bool {
        self.count.fetch_sub(1, AcqRel) == 0
    }
}
