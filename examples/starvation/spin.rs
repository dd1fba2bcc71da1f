//! Two locks that spin. One goes to whoever is quick, the other to whoever
//! came first.

use std::hint;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::*};
use std::thread;

/// Locked and unlocked by hand, to keep it short. A lock for use gives a guard.
pub trait Lock: Sync {
    /// Waits until it is ours.
    fn lock(&self);
    /// Gives it back. Only who has it may.
    fn unlock(&self);
}

// ANCHOR: barging
/// Taken, or not.
#[derive(Debug)]
pub struct Barging {
    /// Whether somebody has it.
    pub taken: AtomicBool,
}

impl Lock for Barging {
    fn lock(&self) {
        // Acquire: what was done under the lock before is seen by whoever takes it.
        while self.taken.compare_exchange(false, true, Acquire, Relaxed).is_err() {
            hint::spin_loop();
            thread::yield_now();
        }
    }

    fn unlock(&self) {
        // Release: so that it is seen.
        self.taken.store(false, Release);
    }
}
// ANCHOR_END: barging

// ANCHOR: ticket
/// A roll of tickets, and the number that is up.
#[derive(Debug)]
pub struct Ticket {
    /// The next ticket on the roll.
    pub next: AtomicU64,
    /// The one whose turn it is.
    pub serving: AtomicU64,
}

impl Ticket {
    /// Takes the next ticket. Relaxed: no two get the same, and that is all.
    pub fn draw(&self) -> u64 {
        self.next.fetch_add(1, Relaxed)
    }

    /// Waits until it is up.
    pub fn wait_for(&self, ticket: u64) {
        // Acquire and Release as above.
        while self.serving.load(Acquire) != ticket {
            hint::spin_loop();
            thread::yield_now();
        }
    }
}

impl Lock for Ticket {
    fn lock(&self) {
        self.wait_for(self.draw());
    }

    fn unlock(&self) {
        // Relaxed: only who has the lock writes it, and reads what it wrote.
        let mine = self.serving.load(Relaxed);
        self.serving.store(mine + 1, Release);
    }
}
// ANCHOR_END: ticket

// ANCHOR: come_and_go
/// In and out, until the one who waits has been in.
pub fn come_and_go(lock: &impl Lock, been_in: &AtomicBool) {
    while !been_in.load(Relaxed) {
        hint::spin_loop();
        lock.lock();
        lock.unlock();
    }
}
// ANCHOR_END: come_and_go

impl Default for Barging {
    /// Free.
    fn default() -> Barging {
        Barging { taken: AtomicBool::new(false) }
    }
}

impl Default for Ticket {
    /// Free: the next ticket is the one that is up.
    fn default() -> Ticket {
        Ticket { next: AtomicU64::new(0), serving: AtomicU64::new(0) }
    }
}
