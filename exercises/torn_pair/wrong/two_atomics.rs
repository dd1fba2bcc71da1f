//! Refused in record_and_read: count 0, sum 10
//! Hint: Each atomic is right

use std::sync::atomic::{AtomicU64, Ordering::SeqCst};

pub struct Meter {
    count: AtomicU64,
    sum: AtomicU64,
}

impl Meter {
    pub fn new() -> Self {
        Meter { count: AtomicU64::new(0), sum: AtomicU64::new(0) }
    }

    /// Takes in one value.
    pub fn record(&self, value: u64) {
        self.count.fetch_add(1, SeqCst);
        self.sum.fetch_add(value, SeqCst);
    }

    /// How many values there were, and their sum.
    pub fn read(&self) -> (u64, u64) {
        (self.count.load(SeqCst), self.sum.load(SeqCst))
    }
}
