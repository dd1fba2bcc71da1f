//! A lock made of one bit.

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
        while self.held.load(Relaxed) {
            hint::spin_loop();
        }
        self.held.store(true, Relaxed);
    }

    /// Goes out.
    pub fn unlock(&self) {
        self.held.store(false, Relaxed);
    }
}
