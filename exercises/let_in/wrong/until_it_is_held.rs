//! Refused in one_asks: deadlock
//! Hint: Somebody waits for what has already

use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Condvar, Mutex};

/// One thread at a time holds it.
pub struct Gil {
    held: Mutex<bool>,
    released: Condvar,
    taken: Condvar,
    /// Whether somebody waits for the lock. Written while `held` is locked.
    asked: AtomicBool,
}

impl Gil {
    pub fn new() -> Gil {
        Gil {
            held: Mutex::new(false),
            released: Condvar::new(),
            taken: Condvar::new(),
            asked: AtomicBool::new(false),
        }
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
        self.taken.notify_all();
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
        let mut held = self.held.lock().unwrap();
        *held = false;
        self.released.notify_one();
        while !*held {
            held = self.taken.wait(held).unwrap();
        }
        drop(held);
        self.take();
    }
}
