//! Refused in record_and_read: deadlock
//! Hint: Both locks are held together

use std::sync::Mutex;

pub struct Meter {
    count: Mutex<u64>,
    sum: Mutex<u64>,
}

impl Meter {
    pub fn new() -> Self {
        Meter { count: Mutex::new(0), sum: Mutex::new(0) }
    }

    /// Takes in one value.
    pub fn record(&self, value: u64) {
        let mut count = self.count.lock().unwrap();
        let mut sum = self.sum.lock().unwrap();
        *count += 1;
        *sum += value;
    }

    /// How many values there were, and their sum.
    pub fn read(&self) -> (u64, u64) {
        let sum = self.sum.lock().unwrap();
        let count = self.count.lock().unwrap();
        (*count, *sum)
    }
}
