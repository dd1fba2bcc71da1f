//! Refused in polled_before: deadlock
//! Hint: The bell has woken somebody

use std::sync::Mutex;
use std::task::{Context, Poll, Waker};

pub struct Bell {
    state: Mutex<State>,
}

struct State {
    rung: bool,
    waker: Option<Waker>,
}

impl Bell {
    pub fn new() -> Self {
        Bell { state: Mutex::new(State { rung: false, waker: None }) }
    }

    /// Rings it, on any thread.
    pub fn ring(&self) {
        let mut state = self.state.lock().unwrap();
        state.rung = true;
        let waker = state.waker.take();
        drop(state);
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    /// Ready once it has rung.
    pub fn poll(&self, context: &mut Context) -> Poll<()> {
        let mut state = self.state.lock().unwrap();
        if state.rung {
            return Poll::Ready(());
        }
        state.waker.get_or_insert_with(|| context.waker().clone());
        Poll::Pending
    }
}
