//! A door for two threads, 0 and 1, of which one at a time may be inside.

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
        loop {
            self.wants[me].store(true, SeqCst);
            if !self.wants[1 - me].load(SeqCst) {
                return;
            }
            // After you.
            self.wants[me].store(false, SeqCst);
            hint::spin_loop();
        }
    }

    /// Goes out.
    pub fn leave(&self, me: usize) {
        self.wants[me].store(false, SeqCst);
    }
}
