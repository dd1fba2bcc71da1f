//! A shelf that bakers fill and buyers empty, and a bell to wait for.

use std::sync::{Condvar, Mutex};

/// Loaves on a shelf, and the bell that rings for each new one.
pub struct Bakery {
    pub shelf: Mutex<u32>,
    pub bell: Condvar,
}

impl Bakery {
    // ANCHOR: bake
    /// Puts a loaf on the shelf and rings.
    pub fn bake(&self) {
        *self.shelf.lock().unwrap() += 1;
        self.bell.notify_one();
    }
    // ANCHOR_END: bake

    // ANCHOR: buy_if
    /// Waits if the shelf is empty, then takes a loaf, if one is there.
    pub fn buy_if(&self) -> bool {
        let mut loaves = self.shelf.lock().unwrap();
        if *loaves == 0 {
            loaves = self.bell.wait(loaves).unwrap();
        }
        take(&mut loaves)
    }
    // ANCHOR_END: buy_if

    // ANCHOR: buy_while
    /// Waits while the shelf is empty, then takes a loaf.
    pub fn buy_while(&self) -> bool {
        let mut loaves = self.shelf.lock().unwrap();
        while *loaves == 0 {
            loaves = self.bell.wait(loaves).unwrap();
        }
        take(&mut loaves)
    }
    // ANCHOR_END: buy_while
}

/// Takes a loaf off the shelf. `false` if there is none.
fn take(loaves: &mut u32) -> bool {
    let left = loaves.checked_sub(1);
    *loaves = left.unwrap_or(0);
    left.is_some()
}
