//! Refused: swap(
//! Hint: Loads and stores are enough

use std::hint;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};

pub struct Door {
    inside: AtomicBool,
}

impl Door {
    pub fn new() -> Self {
        Door { inside: AtomicBool::new(false) }
    }

    /// Waits until the other is not inside, and goes in.
    pub fn enter(&self, _me: usize) {
        while self.inside.swap(true, SeqCst) {
            hint::spin_loop();
        }
    }

    /// Goes out.
    pub fn leave(&self, _me: usize) {
        self.inside.store(false, SeqCst);
    }
}
