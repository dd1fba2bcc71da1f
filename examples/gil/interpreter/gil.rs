//! A global interpreter lock, as CPython has had it since 3.2.

use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Condvar, Mutex};
use std::time::Duration;

// ANCHOR: gil
/// One thread at a time holds it.
pub struct Gil {
    /// How long a thread that wants the lock waits before it asks for it.
    interval: Duration,
    state: Mutex<State>,
    released: Condvar,
    taken: Condvar,
    /// Whether somebody asks for the lock. Written under `state`; the holder
    /// looks at it without. Relaxed: it carries nothing but itself, and the
    /// holder may see it a little late.
    asked: AtomicBool,
}

struct State {
    held: bool,
    /// How often the lock has been taken.
    turns: u64,
}
// ANCHOR_END: gil

impl Gil {
    pub fn new(interval: Duration) -> Gil {
        Gil {
            interval,
            state: Mutex::new(State { held: false, turns: 0 }),
            released: Condvar::new(),
            taken: Condvar::new(),
            asked: AtomicBool::new(false),
        }
    }

    // ANCHOR: take
    /// Waits for the lock. If for a whole interval it stays with one thread,
    /// asks that thread to let go.
    pub fn take(&self) {
        let mut state = self.state.lock().unwrap();
        while state.held {
            let turns = state.turns;
            let waited = self.released.wait_timeout(state, self.interval).unwrap();
            state = waited.0;
            if waited.1.timed_out() && state.held && state.turns == turns {
                self.asked.store(true, Relaxed);
            }
        }
        state.held = true;
        state.turns += 1;
        self.asked.store(false, Relaxed);
        self.taken.notify_all();
    }

    /// Lets go of the lock, as a thread does before it waits for anything else.
    pub fn release(&self) {
        self.state.lock().unwrap().held = false;
        self.released.notify_one();
    }
    // ANCHOR_END: take

    // ANCHOR: hand_over
    /// What the holder looks at, at calls and backward jumps.
    pub fn asked(&self) -> bool {
        self.asked.load(Relaxed)
    }

    /// What the holder does if it is asked: lets go, waits until another
    /// thread has had the lock, and takes it again. Without that wait it would
    /// usually be back before the one who asked is awake.
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
    // ANCHOR_END: hand_over
}
