//! A bell that one thread rings, and that a task waits for.

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
        if *self.rung.lock().unwrap() { Poll::Ready(()) } else { Poll::Pending }
    }
}
