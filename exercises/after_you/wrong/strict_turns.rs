//! Refused in one_comes: deadlock
//! Hint: It waits for its turn

use std::hint;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

pub struct Door {
    turn: AtomicUsize,
}

impl Door {
    pub fn new() -> Self {
        Door { turn: AtomicUsize::new(0) }
    }

    /// Waits until the other is not inside, and goes in.
    pub fn enter(&self, me: usize) {
        while self.turn.load(SeqCst) != me {
            hint::spin_loop();
        }
    }

    /// Goes out.
    pub fn leave(&self, me: usize) {
        self.turn.store(1 - me, SeqCst);
    }
}
