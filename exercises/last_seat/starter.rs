//! A room with so many seats, which people enter and leave.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

pub struct Room {
    seats: u64,
    taken: AtomicU64,
}

impl Room {
    pub fn new(seats: u64) -> Self {
        Room { seats, taken: AtomicU64::new(0) }
    }

    /// Takes a seat, if one is free. Whether it did.
    pub fn enter(&self) -> bool {
        if self.taken.load(Relaxed) >= self.seats {
            return false;
        }
        self.taken.fetch_add(1, Relaxed);
        true
    }

    /// Gives a seat back.
    pub fn leave(&self) {
        self.taken.fetch_sub(1, Relaxed);
    }
}
