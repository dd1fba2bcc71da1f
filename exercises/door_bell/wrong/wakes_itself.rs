//! Refused in it_rings: too many states
//! Hint: It is polled again and again

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
    pub fn poll(&self, context: &mut Context) -> Poll<()> {
        if *self.rung.lock().unwrap() {
            return Poll::Ready(());
        }
        context.waker().wake_by_ref();
        Poll::Pending
    }
}
