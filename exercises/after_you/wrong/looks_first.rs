//! Refused in both_come: 1
//! Hint: Both are inside at once: each looked

use std::hint;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};

pub struct Door {
    /// Who wants to be inside, or is.
    wants: [AtomicBool; 2],
}

impl Door {
    pub fn new() -> Self {
        Door { wants: [AtomicBool::new(false), AtomicBool::new(false)] }
    }

    /// Waits until the other is not inside, and goes in.
    pub fn enter(&self, me: usize) {
        while self.wants[1 - me].load(SeqCst) {
            hint::spin_loop();
        }
        self.wants[me].store(true, SeqCst);
    }

    /// Goes out.
    pub fn leave(&self, me: usize) {
        self.wants[me].store(false, SeqCst);
    }
}
