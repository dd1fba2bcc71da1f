//! A count and a sum, for a mean.

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
        *self.count.lock().unwrap() += 1;
        *self.sum.lock().unwrap() += value;
    }

    /// How many values there were, and their sum.
    pub fn read(&self) -> (u64, u64) {
        let count = *self.count.lock().unwrap();
        let sum = *self.sum.lock().unwrap();
        (count, sum)
    }
}
