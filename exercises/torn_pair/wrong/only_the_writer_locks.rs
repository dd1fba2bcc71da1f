//! Refused in record_and_read: count 0, sum 10
//! Hint: A lock keeps out only those

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering::SeqCst};

pub struct Meter {
    writing: Mutex<()>,
    count: AtomicU64,
    sum: AtomicU64,
}

impl Meter {
    pub fn new() -> Self {
        Meter { writing: Mutex::new(()), count: AtomicU64::new(0), sum: AtomicU64::new(0) }
    }

    /// Takes in one value.
    pub fn record(&self, value: u64) {
        let _alone = self.writing.lock().unwrap();
        self.count.fetch_add(1, SeqCst);
        self.sum.fetch_add(value, SeqCst);
    }

    /// How many values there were, and their sum.
    pub fn read(&self) -> (u64, u64) {
        (self.count.load(SeqCst), self.sum.load(SeqCst))
    }
}
