//! A bounded queue for one producer and any number of consumers. It passes
//! its tests, and has three mistakes.

use std::sync::atomic::Ordering::{Acquire, Relaxed, Release};
use std::sync::atomic::{AtomicU32, AtomicUsize};

use super::plain::Plain;

const PLACES: usize = 2;

/// A ring of places. Both counts only grow; a count's place is its remainder.
pub struct Queue {
    places: [AtomicU32; PLACES],
    /// How many items have been pushed.
    pushed: AtomicUsize,
    /// How many items have been popped.
    popped: AtomicUsize,
    /// The most that were ever waiting. Only a statistic: plain memory will do.
    longest: Plain<usize>,
}

impl Queue {
    // ANCHOR: pop
    /// The next item, if there is one.
    pub fn pop(&self) -> Option<u32> {
        let next = self.popped.load(Acquire);
        if next == self.pushed.load(Acquire) {
            return None;
        }
        let item = self.places[next % PLACES].load(Relaxed);
        self.popped.store(next + 1, Release);
        Some(item)
    }
    // ANCHOR_END: pop

    // ANCHOR: push
    /// Adds an item at the end. `false` if there is no room.
    pub fn push(&self, item: u32) -> bool {
        let next = self.pushed.load(Relaxed);
        let waiting = next - self.popped.load(Acquire);
        if waiting == PLACES {
            return false;
        }
        self.places[next % PLACES].store(item, Relaxed);
        self.pushed.store(next + 1, Relaxed);
        self.longest.set(self.longest.get().max(waiting + 1));
        true
    }
    // ANCHOR_END: push

    // ANCHOR: longest
    /// The most that were ever waiting, for whoever watches over the queue.
    pub fn longest(&self) -> usize {
        self.longest.get()
    }
    // ANCHOR_END: longest

    /// A queue with nothing in it.
    pub fn empty() -> Queue {
        Queue::with(0, 0)
    }

    /// A queue that holds one item.
    pub fn holding(item: u32) -> Queue {
        Queue::with(item, 1)
    }

    fn with(item: u32, pushed: usize) -> Queue {
        Queue {
            places: [AtomicU32::new(item), AtomicU32::new(0)],
            pushed: AtomicUsize::new(pushed),
            popped: AtomicUsize::new(0),
            longest: Plain::new(0),
        }
    }
}
