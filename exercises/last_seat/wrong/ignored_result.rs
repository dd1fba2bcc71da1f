//! Refused in two_for_one: two sit on one seat
//! Hint: You change the count by

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

pub struct Room {
    seats: u64,
    taken: AtomicU64,
}

impl Room {
    pub fn new(seats: u64) -> Self {
        Room { seats, taken: AtomicU64::new(0) }
    }

    pub fn enter(&self) -> bool {
        let taken = self.taken.load(Relaxed);
        if taken >= self.seats {
            return false;
        }
        let _ = self.taken.compare_exchange(taken, taken + 1, Relaxed, Relaxed);
        true
    }

    pub fn leave(&self) {
        self.taken.fetch_sub(1, Relaxed);
    }
}
