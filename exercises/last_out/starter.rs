//! A count of references, shared by threads.

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
        self.count.fetch_sub(1, Relaxed);
        self.count.load(Relaxed) == 0
    }
}
