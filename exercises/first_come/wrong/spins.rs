//! Refused: spin_loop
//! Hint: Who waits sleeps

use std::hint;
use std::sync::atomic::{AtomicU64, Ordering::Acquire, Ordering::Relaxed, Ordering::Release};

pub struct Door {
    next_number: AtomicU64,
    serving: AtomicU64,
}

impl Door {
    pub fn new() -> Self {
        Door { next_number: AtomicU64::new(0), serving: AtomicU64::new(0) }
    }

    /// Gives out the next number: 0, 1, 2 and so on.
    pub fn arrive(&self) -> u64 {
        self.next_number.fetch_add(1, Relaxed)
    }

    /// Waits until it is this number's turn, and goes in.
    pub fn go_in(&self, number: u64) {
        while self.serving.load(Acquire) != number {
            hint::spin_loop();
        }
    }

    /// Goes out.
    pub fn go_out(&self) {
        self.serving.fetch_add(1, Release);
    }
}
