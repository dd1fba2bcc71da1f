//! Refused in in_order: deadlock
//! Hint: All wait, and one

use std::sync::{Condvar, Mutex};

/// One thread at a time holds it.
pub struct Gil {
    line: Mutex<Line>,
    moved: Condvar,
}

/// Whoever comes draws a number, and waits until it is served.
struct Line {
    /// To be drawn next.
    next: u64,
    /// Of the holder, or of who will be.
    served: u64,
}

impl Gil {
    pub fn new() -> Gil {
        Gil { line: Mutex::new(Line { next: 0, served: 0 }), moved: Condvar::new() }
    }

    /// Waits for the lock.
    pub fn take(&self) {
        let mut line = self.line.lock().unwrap();
        let number = line.next;
        line.next += 1;
        while line.served != number {
            line = self.moved.wait(line).unwrap();
        }
    }

    /// Lets go of the lock.
    pub fn release(&self) {
        self.line.lock().unwrap().served += 1;
        self.moved.notify_one();
    }

    /// Whether somebody waits: what the holder looks at now and then.
    pub fn asked(&self) -> bool {
        let line = self.line.lock().unwrap();
        line.next > line.served + 1
    }

    /// What the holder calls if it is asked.
    pub fn hand_over(&self) {
        self.release();
        // Behind everybody who waits already.
        self.take();
    }
}
