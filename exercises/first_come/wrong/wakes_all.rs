//! Refused in two_numbers: out of turn
//! Hint: The door was free

use std::sync::{Condvar, Mutex};

pub struct Door {
    state: Mutex<State>,
    free: Condvar,
}

struct State {
    next_number: u64,
    taken: bool,
}

impl Door {
    pub fn new() -> Self {
        let state = State { next_number: 0, taken: false };
        Door { state: Mutex::new(state), free: Condvar::new() }
    }

    /// Gives out the next number: 0, 1, 2 and so on.
    pub fn arrive(&self) -> u64 {
        let mut state = self.state.lock().unwrap();
        let number = state.next_number;
        state.next_number += 1;
        number
    }

    /// Waits until it is this number's turn, and goes in.
    pub fn go_in(&self, _number: u64) {
        let mut state = self.state.lock().unwrap();
        while state.taken {
            state = self.free.wait(state).unwrap();
        }
        state.taken = true;
    }

    /// Goes out.
    pub fn go_out(&self) {
        self.state.lock().unwrap().taken = false;
        self.free.notify_all();
    }
}
