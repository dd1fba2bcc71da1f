//! Refused: Mutex
//! Hint: That is a lock already

use std::sync::{Condvar, Mutex};

pub struct SpinLock {
    held: Mutex<bool>,
    free: Condvar,
}

impl SpinLock {
    pub fn new() -> Self {
        SpinLock { held: Mutex::new(false), free: Condvar::new() }
    }

    /// Waits until nobody is inside, and goes in.
    pub fn lock(&self) {
        let mut held = self.held.lock().unwrap();
        while *held {
            held = self.free.wait(held).unwrap();
        }
        *held = true;
    }

    /// Goes out.
    pub fn unlock(&self) {
        *self.held.lock().unwrap() = false;
        self.free.notify_one();
    }
}
