//! A semaphore, which std does not have: so many may be inside at once.

use std::sync::{Condvar, Mutex};

// ANCHOR: semaphore
/// Permits that are free, and a bell that rings when one is given back.
pub struct Semaphore {
    pub free: Mutex<usize>,
    pub freed: Condvar,
}

/// Held by whoever is inside; given back when it is dropped.
pub struct Permit<'a>(&'a Semaphore);

impl Semaphore {
    /// Waits for a permit and takes it.
    pub fn acquire(&self) -> Permit<'_> {
        let mut free = self.free.lock().unwrap();
        while *free == 0 {
            free = self.freed.wait(free).unwrap();
        }
        *free -= 1;
        Permit(self)
    }
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        *self.0.free.lock().unwrap() += 1;
        self.0.freed.notify_one();
    }
}
// ANCHOR_END: semaphore
