//! An event, which std does not have either: nobody passes before it is set.

use std::sync::{Condvar, Mutex};

// ANCHOR: event
/// Whether it has happened, and a bell for those who wait for it.
pub struct Event {
    pub happened: Mutex<bool>,
    pub bell: Condvar,
}

impl Event {
    /// From now on everybody passes.
    pub fn set(&self) {
        *self.happened.lock().unwrap() = true;
        self.bell.notify_all();
    }

    /// Waits until it has happened.
    pub fn wait(&self) {
        let mut happened = self.happened.lock().unwrap();
        while !*happened {
            happened = self.bell.wait(happened).unwrap();
        }
    }
}
// ANCHOR_END: event

// ANCHOR: bare
/// A bell and nothing else: it does not know whether it has rung.
pub struct Bell {
    pub door: Mutex<()>,
    pub bell: Condvar,
}

impl Bell {
    /// Rings for those who are waiting now.
    pub fn ring(&self) {
        self.bell.notify_all();
    }

    /// Waits for the next ring.
    pub fn wait(&self) {
        let door = self.door.lock().unwrap();
        let _door = self.bell.wait(door).unwrap();
    }
}
// ANCHOR_END: bare
