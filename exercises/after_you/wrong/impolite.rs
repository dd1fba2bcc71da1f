//! Refused in both_come: 1
//! Hint: Both are inside at once. Who says last

use std::hint;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};

pub struct Door {
    /// Who wants to be inside, or is.
    wants: [AtomicBool; 2],
    /// Who waits, if both want to be.
    polite: AtomicUsize,
}

impl Door {
    pub fn new() -> Self {
        let wants = [AtomicBool::new(false), AtomicBool::new(false)];
        Door { wants, polite: AtomicUsize::new(0) }
    }

    /// Waits until the other is not inside, and goes in.
    pub fn enter(&self, me: usize) {
        self.wants[me].store(true, SeqCst);
        self.polite.store(1 - me, SeqCst);
        while self.wants[1 - me].load(SeqCst) && self.polite.load(SeqCst) == me {
            hint::spin_loop();
        }
    }

    /// Goes out.
    pub fn leave(&self, me: usize) {
        self.wants[me].store(false, SeqCst);
    }
}
