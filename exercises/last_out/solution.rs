//! A count of references, shared by threads.

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
        // What it says was there before is seen by nobody else. Release what
        // was done with the object, and acquire what the others did.
        self.count.fetch_sub(1, AcqRel) == 1
    }
}
