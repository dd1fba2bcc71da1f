//! Refused in polled_before: livelock
//! Hint: `poll` does not come back

use std::hint;
use std::sync::Mutex;
use std::task::{Context, Poll};

pub struct Bell {
    rung: Mutex<bool>,
}

impl Bell {
    pub fn new() -> Self {
        Bell { rung: Mutex::new(false) }
    }

    /// Rings it, on any thread.
    pub fn ring(&self) {
        *self.rung.lock().unwrap() = true;
    }

    /// Ready once it has rung.
    pub fn poll(&self, _context: &mut Context) -> Poll<()> {
        while !*self.rung.lock().unwrap() {
            hint::spin_loop();
        }
        Poll::Ready(())
    }
}
