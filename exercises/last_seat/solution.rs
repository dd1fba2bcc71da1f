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
        let mut taken = self.taken.load(Relaxed);
        while taken < self.seats {
            // Only if it is still what we have seen; else see again. Relaxed:
            // no other memory is guarded by this count.
            match self.taken.compare_exchange(taken, taken + 1, Relaxed, Relaxed) {
                Ok(_) => return true,
                Err(newer) => taken = newer,
            }
        }
        false
    }

    /// Gives a seat back.
    pub fn leave(&self) {
        self.taken.fetch_sub(1, Relaxed);
    }
}
