//! A writer among readers, of whom one is always inside.

use std::sync::RwLock;
use std::thread;

// ANCHOR: relay
/// Each reader goes in before the one before it leaves, if it may. Tells how
/// many could.
fn relay<Guard>(mut inside: Guard, readers: u64, come: impl Fn() -> Option<Guard>) -> u64 {
    for past in 0..readers {
        match come() {
            Some(next) => inside = next,
            None => return past,
        }
    }
    drop(inside);
    readers
}
// ANCHOR_END: relay

// ANCHOR: writer_first
/// How many readers get past a writer that waits, at parking_lot's `RwLock`.
pub fn writer_first(readers: u64) -> u64 {
    let lock = parking_lot::RwLock::new(());
    let inside = lock.read();
    thread::scope(|scope| {
        scope.spawn(|| drop(lock.write()));
        // When a writer waits, nobody else may announce that it will write.
        while lock.try_upgradable_read().is_some() {
            thread::yield_now();
        }
        relay(inside, readers, || lock.try_read())
    })
}
// ANCHOR_END: writer_first

// ANCHOR: readers_first
/// The same of the lock that a reader may take again while it reads.
pub fn readers_first(readers: u64) -> u64 {
    let lock = parking_lot::RecursiveRwLock::new(());
    let inside = lock.read();
    thread::scope(|scope| {
        scope.spawn(|| drop(lock.write()));
        while lock.try_upgradable_read().is_some() {
            thread::yield_now();
        }
        relay(inside, readers, || lock.try_read())
    })
}
// ANCHOR_END: readers_first

/// And at std's, which promises neither. That a writer waits shows in that
/// readers are turned away; where they never are, this gives up after as many
/// looks as there are readers.
pub fn std_rwlock(readers: u64) -> u64 {
    let lock = RwLock::new(());
    let inside = lock.read().unwrap();
    thread::scope(|scope| {
        let writer = scope.spawn(|| drop(lock.write()));
        let mut looks = 0;
        while lock.try_read().is_ok() && looks < 1_000_000 {
            looks += 1;
            thread::yield_now();
        }
        let past = relay(inside, readers, || lock.try_read().ok());
        writer.join().unwrap();
        past
    })
}
