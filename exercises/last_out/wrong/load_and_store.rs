//! Refused in once: never freed
//! Hint: One count was lost

use std::sync::atomic::{AtomicUsize, Ordering::Acquire, Ordering::Release};

pub struct References {
    count: AtomicUsize,
}

impl References {
    pub fn new(count: usize) -> Self {
        References { count: AtomicUsize::new(count) }
    }

    /// Drops a reference. Whether it was the last one.
    pub fn release(&self) -> bool {
        let count = self.count.load(Acquire);
        self.count.store(count - 1, Release);
        count == 1
    }
}
