//! Refused in two_numbers: deadlock
//! Hint: It is somebody's turn who is asleep, and the bell

use std::sync::atomic::{AtomicU64, Ordering::Acquire, Ordering::Relaxed, Ordering::Release};
use std::sync::{Condvar, Mutex};

pub struct Door {
    next_number: AtomicU64,
    serving: AtomicU64,
    door: Mutex<()>,
    called: Condvar,
}

impl Door {
    pub fn new() -> Self {
        Door {
            next_number: AtomicU64::new(0),
            serving: AtomicU64::new(0),
            door: Mutex::new(()),
            called: Condvar::new(),
        }
    }

    /// Gives out the next number: 0, 1, 2 and so on.
    pub fn arrive(&self) -> u64 {
        self.next_number.fetch_add(1, Relaxed)
    }

    /// Waits until it is this number's turn, and goes in.
    pub fn go_in(&self, number: u64) {
        let mut door = self.door.lock().unwrap();
        while self.serving.load(Acquire) != number {
            door = self.called.wait(door).unwrap();
        }
    }

    /// Goes out.
    pub fn go_out(&self) {
        self.serving.fetch_add(1, Release);
        self.called.notify_all();
    }
}
