//! Refused in in_order: the last one first
//! Hint: A condition keeps no order

use std::sync::{Condvar, Mutex};

/// One thread at a time holds it.
pub struct Gil {
    state: Mutex<State>,
    released: Condvar,
    taken: Condvar,
}

struct State {
    held: bool,
    /// How many threads wait for the lock.
    waiting: u64,
    /// How often the lock has been taken.
    turns: u64,
}

impl Gil {
    pub fn new() -> Gil {
        Gil {
            state: Mutex::new(State { held: false, waiting: 0, turns: 0 }),
            released: Condvar::new(),
            taken: Condvar::new(),
        }
    }

    /// Waits for the lock.
    pub fn take(&self) {
        let mut state = self.state.lock().unwrap();
        state.waiting += 1;
        while state.held {
            state = self.released.wait(state).unwrap();
        }
        state.waiting -= 1;
        state.held = true;
        state.turns += 1;
        self.taken.notify_all();
    }

    /// Lets go of the lock.
    pub fn release(&self) {
        self.state.lock().unwrap().held = false;
        self.released.notify_one();
    }

    /// Whether somebody waits: what the holder looks at now and then.
    pub fn asked(&self) -> bool {
        self.state.lock().unwrap().waiting > 0
    }

    /// What the holder calls if it is asked.
    pub fn hand_over(&self) {
        let mut state = self.state.lock().unwrap();
        let turns = state.turns;
        state.held = false;
        self.released.notify_one();
        while state.turns == turns {
            state = self.taken.wait(state).unwrap();
        }
        drop(state);
        self.take();
    }
}
