//! What each of them promises, put to the test by threads: how often it was
//! looked at, and how often it was broken.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};
use std::sync::{Barrier, Condvar, Mutex, OnceLock};
use std::thread;

use crate::bakery::Bakery;
use crate::event::Event;
use crate::semaphore::Semaphore;

/// How often a promise was looked at, and how often it was found broken.
#[derive(Default)]
pub struct Tally {
    pub looked: AtomicUsize,
    pub broken: AtomicUsize,
}

impl Tally {
    // Counted in any order, read after all threads are joined: relaxed will do.
    pub fn look(&self, kept: bool) {
        self.looked.fetch_add(1, Relaxed);
        self.broken.fetch_add((!kept).into(), Relaxed);
    }
}

// The counters below are relaxed on purpose. What orders them, if anything
// does, is the semaphore, the event or the barrier that is being tested.

// ANCHOR: semaphore
/// Never more than `permits` inside.
pub fn semaphore(workers: usize, rounds: usize, permits: usize) -> Tally {
    let (tally, inside) = (Tally::default(), AtomicUsize::new(0));
    let semaphore = Semaphore { free: Mutex::new(permits), freed: Condvar::new() };
    thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                for _ in 0..rounds {
                    let _permit = semaphore.acquire();
                    tally.look(inside.fetch_add(1, Relaxed) < permits);
                    thread::yield_now();
                    inside.fetch_sub(1, Relaxed);
                }
            });
        }
    });
    tally
}
// ANCHOR_END: semaphore

/// The same with nobody at the door.
pub fn crowd(workers: usize, rounds: usize, permits: usize) -> Tally {
    let (tally, inside) = (Tally::default(), AtomicUsize::new(0));
    thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                for _ in 0..rounds {
                    tally.look(inside.fetch_add(1, Relaxed) < permits);
                    thread::yield_now();
                    inside.fetch_sub(1, Relaxed);
                }
            });
        }
    });
    tally
}

// ANCHOR: event
/// Nobody passes before it has happened.
pub fn event(workers: usize, rounds: usize) -> Tally {
    let tally = Tally::default();
    for _ in 0..rounds {
        let happened = AtomicBool::new(false);
        let event = Event { happened: Mutex::new(false), bell: Condvar::new() };
        thread::scope(|scope| {
            for _ in 0..workers {
                scope.spawn(|| {
                    event.wait();
                    tally.look(happened.load(Relaxed));
                });
            }
            happened.store(true, Relaxed);
            event.set();
        });
    }
    tally
}
// ANCHOR_END: event

// ANCHOR: condition
/// Whoever buys gets a loaf, and as many are bought as were baked.
pub fn condition(workers: usize, rounds: usize) -> Tally {
    let tally = Tally::default();
    let bakery = Bakery { shelf: Mutex::new(0), bell: Condvar::new() };
    thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| (0..rounds).for_each(|_| tally.look(bakery.buy_while())));
            scope.spawn(|| (0..rounds).for_each(|_| bakery.bake()));
        }
    });
    tally.look(*bakery.shelf.lock().unwrap() == 0);
    tally
}
// ANCHOR_END: condition

// ANCHOR: barrier
/// Nobody leaves before the last has arrived.
pub fn barrier(workers: usize, rounds: usize) -> Tally {
    let (tally, arrived) = (Tally::default(), AtomicUsize::new(0));
    let barrier = Barrier::new(workers);
    thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                for round in 1..=rounds {
                    arrived.fetch_add(1, Relaxed);
                    barrier.wait();
                    tally.look(arrived.load(Relaxed) >= round * workers);
                }
            });
        }
    });
    tally
}
// ANCHOR_END: barrier

// ANCHOR: once
/// One of them initialises, and all see what it made.
pub fn once(workers: usize, rounds: usize) -> Tally {
    let tally = Tally::default();
    for _ in 0..rounds {
        let (made, value) = (AtomicUsize::new(0), OnceLock::new());
        thread::scope(|scope| {
            for _ in 0..workers {
                scope.spawn(|| {
                    let number = value.get_or_init(|| made.fetch_add(1, Relaxed));
                    tally.look(*number == 0);
                });
            }
        });
        tally.look(made.into_inner() == 1);
    }
    tally
}
// ANCHOR_END: once
