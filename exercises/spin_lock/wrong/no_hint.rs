//! Refused in one_inside: too many states
//! Hint: A loop that waits for somebody

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
        while self.held.swap(true, Acquire) {}
    }

    /// Goes out.
    pub fn unlock(&self) {
        self.held.store(false, Release);
    }
}
