//! References copied and dropped, by one thread or by two.

use std::hint::black_box;
use std::rc::Rc;
use std::sync::{Arc, Mutex};
use std::thread;

use crate::counts::{Count, Plain};

/// Who copies and drops references to what.
#[derive(Clone, Copy, PartialEq)]
pub enum Shape {
    /// One thread, one object.
    Alone,
    /// Two threads, each with an object that it made.
    Own,
    /// Two threads, one object, made by the first.
    Shared,
}

// ANCHOR: pointers
/// Two cache lines, so that no two objects are on one.
#[repr(align(128))]
struct Object;

/// `Rc` and `Arc` themselves. `black_box` keeps the compiler from seeing that
/// each pair comes to nothing.
fn churn_pointer<P: Clone>(pointer: &P, pairs: u64) {
    for _ in 0..pairs {
        drop(black_box(black_box(pointer).clone()));
    }
}

/// Whether all pointers but the first of each object are gone again.
pub fn arc(shape: Shape, pairs: u64) -> bool {
    let objects = [Arc::new(Object), Arc::new(Object)];
    on_threads(shape, |_, object| churn_pointer(&objects[object], pairs));
    objects.iter().all(|object| Arc::strong_count(object) == 1)
}

/// An `Rc` stays on its thread, and is made there.
pub fn rc(shape: Shape, pairs: u64) -> bool {
    on_threads(shape, |_, _| {
        let object = Rc::new(Object);
        churn_pointer(&object, pairs);
        assert_eq!(Rc::strong_count(&object), 1);
    });
    true
}
// ANCHOR_END: pointers

// ANCHOR: counts
/// The same for a count of our own.
fn churn<C: Count>(count: &C, me: usize, pairs: u64) {
    for _ in 0..pairs {
        black_box(count).increment(me);
        black_box(black_box(count).decrement(me));
    }
}

pub fn counts<C: Count>(shape: Shape, pairs: u64) -> bool {
    let objects: [C; 2] = [C::new(0, 1), C::new(1, 1)];
    on_threads(shape, |me, object| churn(&objects[object], me, pairs));
    objects.iter().all(|count| count.total() == 1)
}
// ANCHOR_END: counts

// ANCHOR: one_big_lock
/// Pairs for which the one lock is kept, some ten microseconds.
const SLICE: u64 = 10_000;

/// Plain counts, and a lock without which nobody touches any of them.
pub fn one_big_lock(shape: Shape, pairs: u64) -> bool {
    let lock = Mutex::new([Plain::new(0, 1), Plain::new(1, 1)]);
    on_threads(shape, |me, object| {
        for done in (0..pairs).step_by(SLICE as usize) {
            let objects = lock.lock().unwrap();
            churn(&objects[object], me, SLICE.min(pairs - done));
        }
    });
    lock.into_inner().unwrap().iter().all(|count| count.total() == 1)
}
// ANCHOR_END: one_big_lock

/// Calls `work` on each thread, with its number and that of its object.
fn on_threads(shape: Shape, work: impl Fn(usize, usize) + Sync) {
    let threads = if shape == Shape::Alone { 1 } else { 2 };
    let work = &work;
    thread::scope(|scope| {
        for me in 0..threads {
            let object = if shape == Shape::Shared { 0 } else { me };
            scope.spawn(move || work(me, object));
        }
    });
}
