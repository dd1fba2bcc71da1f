//! Two threads and two counters, each thread with its own.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::thread;

// ANCHOR: layout
/// Side by side, and aligned so that they lie in one cache line.
#[derive(Default)]
#[repr(align(128))]
pub struct Neighbours(pub [AtomicU64; 2]);

/// Each at the start of 128 bytes of its own: a cache line, or two where the
/// processor fetches them in pairs.
#[derive(Default)]
#[repr(align(128))]
pub struct Padded(pub AtomicU64);
// ANCHOR_END: layout

// ANCHOR: count
/// Relaxed: whoever reads the counter has joined the thread first.
pub fn count(counter: &AtomicU64, times: u64) {
    for _ in 0..times {
        counter.fetch_add(1, Relaxed);
    }
}

/// The caller counts in one and a second thread in the other.
pub fn two_threads(ours: &AtomicU64, theirs: &AtomicU64, times: u64) {
    thread::scope(|scope| {
        scope.spawn(|| count(theirs, times));
        count(ours, times);
    });
}

/// The caller counts in both.
pub fn one_thread(ours: &AtomicU64, theirs: &AtomicU64, times: u64) {
    count(ours, times);
    count(theirs, times);
}
// ANCHOR_END: count
