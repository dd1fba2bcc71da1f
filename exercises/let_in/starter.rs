//! A lock that its holder hands over on request.

use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Condvar, Mutex};

/// One thread at a time holds it.
pub struct Gil {
    held: Mutex<bool>,
    released: Condvar,
    /// Whether somebody waits for the lock. Written while `held` is locked.
    asked: AtomicBool,
}

impl Gil {
    pub fn new() -> Gil {
        Gil { held: Mutex::new(false), released: Condvar::new(), asked: AtomicBool::new(false) }
    }

    /// Waits for the lock, and asks for it.
    pub fn take(&self) {
        let mut held = self.held.lock().unwrap();
        while *held {
            self.asked.store(true, Relaxed);
            held = self.released.wait(held).unwrap();
        }
        *held = true;
        self.asked.store(false, Relaxed);
    }

    /// Lets go of the lock.
    pub fn release(&self) {
        *self.held.lock().unwrap() = false;
        self.released.notify_one();
    }

    /// What the holder looks at now and then.
    pub fn asked(&self) -> bool {
        self.asked.load(Relaxed)
    }

    /// What the holder calls if it is asked.
    pub fn hand_over(&self) {
        self.release();
        self.take();
    }
}
