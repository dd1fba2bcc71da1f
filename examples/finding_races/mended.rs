//! The same queue with its three mistakes mended.

use std::sync::atomic::Ordering::{Acquire, Relaxed, Release};
use std::sync::atomic::{AtomicU32, AtomicUsize};

const PLACES: usize = 2;

/// A ring of places. Both counts only grow; a count's place is its remainder.
pub struct Queue {
    places: [AtomicU32; PLACES],
    /// How many items have been pushed.
    pushed: AtomicUsize,
    /// How many items have been popped.
    popped: AtomicUsize,
    /// The most that were ever waiting. Only a statistic, and atomic all the same.
    longest: AtomicUsize,
}

impl Queue {
    // ANCHOR: pop
    /// The next item, if there is one.
    pub fn pop(&self) -> Option<u32> {
        // Acquire: who sees that others have popped sees what they saw pushed.
        let mut next = self.popped.load(Acquire);
        while next != self.pushed.load(Acquire) {
            let item = self.places[next % PLACES].load(Relaxed);
            // The item is ours if it is still the next one. Release: it has
            // been read before its place is free.
            match self.popped.compare_exchange(next, next + 1, Release, Acquire) {
                Ok(_) => return Some(item),
                Err(later) => next = later,
            }
        }
        None
    }
    // ANCHOR_END: pop

    // ANCHOR: push
    /// Adds an item at the end. `false` if there is no room.
    pub fn push(&self, item: u32) -> bool {
        // Only the producer writes this count.
        let next = self.pushed.load(Relaxed);
        let waiting = next - self.popped.load(Acquire);
        if waiting == PLACES {
            return false;
        }
        self.places[next % PLACES].store(item, Relaxed);
        // Release: who sees the count sees the item.
        self.pushed.store(next + 1, Release);
        // Relaxed: it says nothing about anything else.
        self.longest.fetch_max(waiting + 1, Relaxed);
        true
    }
    // ANCHOR_END: push

    // ANCHOR: longest
    /// The most that were ever waiting, for whoever watches over the queue.
    pub fn longest(&self) -> usize {
        self.longest.load(Relaxed)
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
            longest: AtomicUsize::new(0),
        }
    }
}
