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
        self.rung.store(true, SeqCst);
        if let Some(waker) = self.waker.lock().unwrap().take() {
            waker.wake();
        }
    }

    /// Ready once it has rung.
    pub fn poll(&self, context: &mut Context) -> Poll<()> {
        if self.rung.load(SeqCst) {
            return Poll::Ready(());
        }
        *self.waker.lock().unwrap() = Some(context.waker().clone());
        Poll::Pending
    }
}
