//! Refused in two_numbers: too many states
//! Hint: Going round and looking again

use std::sync::Mutex;

pub struct Door {
    next_number: Mutex<u64>,
    now: Mutex<u64>,
}

impl Door {
    pub fn new() -> Self {
        Door { next_number: Mutex::new(0), now: Mutex::new(0) }
    }

    /// Gives out the next number: 0, 1, 2 and so on.
    pub fn arrive(&self) -> u64 {
        let mut next_number = self.next_number.lock().unwrap();
        *next_number += 1;
        *next_number - 1
    }

    /// Waits until it is this number's turn, and goes in.
    pub fn go_in(&self, number: u64) {
        while *self.now.lock().unwrap() != number {}
    }

    /// Goes out.
    pub fn go_out(&self) {
        *self.now.lock().unwrap() += 1;
    }
}
