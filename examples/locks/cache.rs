//! Three ways to hold a lock wrongly, and what mends them.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Mutex, RwLock};

// ANCHOR: look_then_fill
/// The price, and whether it had to be worked out. It is to be worked out once.
pub fn look_then_fill(cache: &RwLock<Option<u64>>, work_out: fn() -> u64) -> (u64, bool) {
    let known = *cache.read().unwrap();
    if let Some(price) = known {
        return (price, false);
    }
    let mut cache = cache.write().unwrap();
    let price = work_out();
    *cache = Some(price);
    (price, true)
}
// ANCHOR_END: look_then_fill

// ANCHOR: look_again
/// Who has waited to write looks again.
pub fn look_again(cache: &RwLock<Option<u64>>, work_out: fn() -> u64) -> (u64, bool) {
    let known = *cache.read().unwrap();
    if let Some(price) = known {
        return (price, false);
    }
    let mut cache = cache.write().unwrap();
    if let Some(price) = *cache {
        return (price, false);
    }
    let price = work_out();
    *cache = Some(price);
    (price, true)
}
// ANCHOR_END: look_again

// ANCHOR: look_and_hold
/// The guard that `match` looks through lives until the end of the `match`.
pub fn look_and_hold(cache: &RwLock<Option<u64>>, work_out: fn() -> u64) -> (u64, bool) {
    match *cache.read().unwrap() {
        Some(price) => (price, false),
        None => {
            let mut cache = cache.write().unwrap();
            let price = work_out();
            *cache = Some(price);
            (price, true)
        }
    }
}
// ANCHOR_END: look_and_hold

// ANCHOR: underscore
/// `_` is not a name. Nothing holds the guard, and the lock is free again.
#[allow(let_underscore_lock)]
pub fn underscore(door: &Mutex<()>, visits: &AtomicU64) {
    let _ = door.lock();
    let seen = visits.load(Relaxed);
    visits.store(seen + 1, Relaxed);
}
// ANCHOR_END: underscore

// ANCHOR: guard
/// `_guard` is one, and holds on to the end of the function.
pub fn guard(door: &Mutex<()>, visits: &AtomicU64) {
    let _guard = door.lock();
    let seen = visits.load(Relaxed);
    visits.store(seen + 1, Relaxed);
}
// ANCHOR_END: guard
