//! A door for one at a time.

use std::sync::{Condvar, Mutex};

pub struct Door {
    state: Mutex<State>,
    called: Condvar,
}

struct State {
    next_number: u64,
    /// Whose turn it is. Who goes out calls the next one, there or not.
    serving: u64,
}

impl Door {
    pub fn new() -> Self {
        let state = State { next_number: 0, serving: 0 };
        Door { state: Mutex::new(state), called: Condvar::new() }
    }

    /// Gives out the next number: 0, 1, 2 and so on.
    pub fn arrive(&self) -> u64 {
        let mut state = self.state.lock().unwrap();
        let number = state.next_number;
        state.next_number += 1;
        number
    }

    /// Waits until it is this number's turn, and goes in.
    pub fn go_in(&self, number: u64) {
        let mut state = self.state.lock().unwrap();
        while state.serving != number {
            state = self.called.wait(state).unwrap();
        }
    }

    /// Goes out.
    pub fn go_out(&self) {
        self.state.lock().unwrap().serving += 1;
        // All, for one bell cannot tell whom it is meant for. With many who
        // wait, a bell for each is cheaper.
        self.called.notify_all();
    }
}
