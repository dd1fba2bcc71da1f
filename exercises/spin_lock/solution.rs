//! A lock made of one bit.

use std::hint;
use std::sync::atomic::{AtomicBool, Ordering::Acquire, Ordering::Release};

pub struct SpinLock {
    held: AtomicBool,
}

impl SpinLock {
    pub fn new() -> Self {
        SpinLock { held: AtomicBool::new(false) }
    }

    /// Waits until nobody is inside, and goes in.
    pub fn lock(&self) {
        // One step that looks and takes. Acquire: what was written before the
        // release that we read happened before what we do inside.
        while self.held.swap(true, Acquire) {
            hint::spin_loop();
        }
    }

    /// Goes out.
    pub fn unlock(&self) {
        // Release: what we did inside happened before whoever reads this.
        self.held.store(false, Release);
    }
}
