//! A bell that one thread rings, and that a task waits for.

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
        // A waker is somebody else's code, and not called under our lock.
        drop(state);
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    /// Ready once it has rung.
    pub fn poll(&self, context: &mut Context) -> Poll<()> {
        // Looked and left under one lock: the bell cannot ring in between.
        let mut state = self.state.lock().unwrap();
        if state.rung {
            return Poll::Ready(());
        }
        // The newest: the task may have been moved since the last poll.
        state.waker = Some(context.waker().clone());
        Poll::Pending
    }
}
