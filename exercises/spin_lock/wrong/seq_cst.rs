//! Refused: SeqCst
//! Hint: What has to be seen by whom?

use std::hint;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};

pub struct SpinLock {
    held: AtomicBool,
}

impl SpinLock {
    pub fn new() -> Self {
        SpinLock { held: AtomicBool::new(false) }
    }

    /// Waits until nobody is inside, and goes in.
    pub fn lock(&self) {
        while self.held.swap(true, SeqCst) {
            hint::spin_loop();
        }
    }

    /// Goes out.
    pub fn unlock(&self) {
        self.held.store(false, SeqCst);
    }
}
