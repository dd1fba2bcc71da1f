//! Between whoever wakes a task and the loop that polls it: a queue, and a word
//! on whether the loop must be rung.

use std::collections::VecDeque;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

// ANCHOR: queue
/// The tasks that were woken, and whether the loop sleeps.
///
/// Relaxed: each side uses the flag before it locks the queue or after. Who
/// locks it second sees what the first did before unlocking it.
#[derive(Debug)]
pub struct Queue {
    woken: Mutex<VecDeque<u64>>,
    asleep: AtomicBool,
}

impl Queue {
    /// Nobody is woken yet, and the loop is awake.
    pub fn new() -> Queue {
        Queue { woken: Mutex::new(VecDeque::new()), asleep: AtomicBool::new(false) }
    }

    /// Puts a woken task in line, from any thread. Whether the loop must be rung.
    pub fn push(&self, task: u64) -> bool {
        self.woken.lock().unwrap().push_back(task);
        self.asleep.load(Relaxed)
    }

    /// All who are in line.
    pub fn take(&self) -> VecDeque<u64> {
        std::mem::take(&mut *self.woken.lock().unwrap())
    }

    /// Says that the loop sleeps, then looks. Whether it may.
    pub fn may_sleep(&self) -> bool {
        self.asleep.store(true, Relaxed);
        self.woken.lock().unwrap().is_empty()
    }

    /// Says that it does not sleep any more.
    pub fn awake(&self) {
        self.asleep.store(false, Relaxed);
    }
}
// ANCHOR_END: queue

// ANCHOR: wrong
impl Queue {
    /// Looks, then says that the loop sleeps.
    pub fn may_sleep_wrongly(&self) -> bool {
        let may = self.woken.lock().unwrap().is_empty();
        self.asleep.store(may, Relaxed);
        may
    }
}
// ANCHOR_END: wrong
