//! A counter shared by threads, incremented in three ways.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::thread;

// ANCHOR: load_then_store
/// Load, add, store: another thread may store in between, and its update is lost.
pub fn load_then_store(counter: &AtomicU64) {
    let seen = counter.load(Relaxed);
    counter.store(seen + 1, Relaxed);
}
// ANCHOR_END: load_then_store

// ANCHOR: fetch_add
/// One indivisible read-modify-write.
pub fn fetch_add(counter: &AtomicU64) {
    counter.fetch_add(1, Relaxed);
}
// ANCHOR_END: fetch_add

// ANCHOR: locked
/// One thread at a time between lock and unlock.
pub fn locked(counter: &Mutex<u64>) {
    *counter.lock().unwrap() += 1;
}
// ANCHOR_END: locked

// ANCHOR: race
/// Each of `threads` threads calls `add` on the same counter, `times` times.
pub fn race<C: Sync>(counter: &C, threads: u64, times: u64, add: fn(&C)) {
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                for _ in 0..times {
                    add(counter);
                }
            });
        }
    });
}
// ANCHOR_END: race
