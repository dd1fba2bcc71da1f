//! Refused in two_record: count 1, sum 10
//! Hint: What was read under the lock was old

use std::sync::Mutex;

pub struct Meter {
    count_and_sum: Mutex<(u64, u64)>,
}

impl Meter {
    pub fn new() -> Self {
        Meter { count_and_sum: Mutex::new((0, 0)) }
    }

    /// Takes in one value.
    pub fn record(&self, value: u64) {
        let (count, sum) = self.read();
        *self.count_and_sum.lock().unwrap() = (count + 1, sum + value);
    }

    /// How many values there were, and their sum.
    pub fn read(&self) -> (u64, u64) {
        *self.count_and_sum.lock().unwrap()
    }
}
