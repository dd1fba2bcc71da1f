//! Refused in all_seen: 1
//! Hint: One was inside after the other

use std::hint;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

pub struct SpinLock {
    held: AtomicBool,
}

impl SpinLock {
    pub fn new() -> Self {
        SpinLock { held: AtomicBool::new(false) }
    }

    /// Waits until nobody is inside, and goes in.
    pub fn lock(&self) {
        while self.held.swap(true, Relaxed) {
            hint::spin_loop();
        }
    }

    /// Goes out.
    pub fn unlock(&self) {
        self.held.store(false, Relaxed);
    }
}
