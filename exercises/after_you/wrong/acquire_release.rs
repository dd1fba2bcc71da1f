//! Refused in old_values: 1
//! Hint: Each wrote that it wants

use std::hint;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Acquire, Ordering::Release};

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
        self.wants[me].store(true, Release);
        self.polite.store(me, Release);
        while self.wants[1 - me].load(Acquire) && self.polite.load(Acquire) == me {
            hint::spin_loop();
        }
    }

    /// Goes out.
    pub fn leave(&self, me: usize) {
        self.wants[me].store(false, Release);
    }
}
