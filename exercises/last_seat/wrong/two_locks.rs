//! Refused in two_for_one: two sit on one seat
//! Hint: Between the look

use std::sync::Mutex;

pub struct Room {
    seats: u64,
    taken: Mutex<u64>,
}

impl Room {
    pub fn new(seats: u64) -> Self {
        Room { seats, taken: Mutex::new(0) }
    }

    pub fn enter(&self) -> bool {
        let taken = *self.taken.lock().unwrap();
        if taken >= self.seats {
            return false;
        }
        *self.taken.lock().unwrap() += 1;
        true
    }

    pub fn leave(&self) {
        *self.taken.lock().unwrap() -= 1;
    }
}
