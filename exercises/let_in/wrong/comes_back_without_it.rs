//! Refused in one_asks: panic: two hold it
//! Hint: Who has called `hand_over`

use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Condvar, Mutex};

/// One thread at a time holds it.
pub struct Gil {
    state: Mutex<State>,
    released: Condvar,
    taken: Condvar,
    /// Whether somebody waits for the lock. Written while `state` is locked.
    asked: AtomicBool,
}

struct State {
    held: bool,
    /// How often the lock has been taken.
    turns: u64,
}

impl Gil {
    pub fn new() -> Gil {
        Gil {
            state: Mutex::new(State { held: false, turns: 0 }),
            released: Condvar::new(),
            taken: Condvar::new(),
            asked: AtomicBool::new(false),
        }
    }

    /// Waits for the lock, and asks for it.
    pub fn take(&self) {
        let mut state = self.state.lock().unwrap();
        while state.held {
            self.asked.store(true, Relaxed);
            state = self.released.wait(state).unwrap();
        }
        state.held = true;
        state.turns += 1;
        self.asked.store(false, Relaxed);
        self.taken.notify_all();
    }

    /// Lets go of the lock.
    pub fn release(&self) {
        self.state.lock().unwrap().held = false;
        self.released.notify_one();
    }

    /// What the holder looks at now and then.
    pub fn asked(&self) -> bool {
        self.asked.load(Relaxed)
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
    }
}
