//! A count and a sum, for a mean.

use std::sync::Mutex;

pub struct Meter {
    /// What must be true of both together is behind one lock.
    count_and_sum: Mutex<(u64, u64)>,
}

impl Meter {
    pub fn new() -> Self {
        Meter { count_and_sum: Mutex::new((0, 0)) }
    }

    /// Takes in one value.
    pub fn record(&self, value: u64) {
        let mut both = self.count_and_sum.lock().unwrap();
        both.0 += 1;
        both.1 += value;
    }

    /// How many values there were, and their sum.
    pub fn read(&self) -> (u64, u64) {
        *self.count_and_sum.lock().unwrap()
    }
}
