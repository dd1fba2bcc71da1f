//! Refused in it_rings: deadlock
//! Hint: The bell has rung, and the task sleeps. Follow

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::task::{Context, Poll, Waker};

pub struct Bell {
    rung: AtomicBool,
    waker: Mutex<Option<Waker>>,
}

impl Bell {
    pub fn new() -> Self {
        Bell { rung: AtomicBool::new(false), waker: Mutex::new(None) }
    }

    /// Rings it, on any thread.
    pub fn ring(&self) {
        if let Some(waker) = self.waker.lock().unwrap().take() {
            waker.wake();
        }
        self.rung.store(true, SeqCst);
    }

    /// Ready once it has rung.
    pub fn poll(&self, context: &mut Context) -> Poll<()> {
        *self.waker.lock().unwrap() = Some(context.waker().clone());
        if self.rung.load(SeqCst) { Poll::Ready(()) } else { Poll::Pending }
    }
}
