//! Refused in come_back: nobody sits
//! Hint: Who has not got a seat was counted

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
        if self.taken.fetch_add(1, Relaxed) < self.seats {
            return true;
        }
        self.taken.fetch_sub(1, Relaxed);
        false
    }

    pub fn leave(&self) {
        self.taken.fetch_sub(1, Relaxed);
    }
}
