//! Counting the references to an object, in ways that do and do not bear two
//! threads. `me` is the number of the thread that calls.

use std::sync::Mutex;
use std::sync::atomic::{AtomicI64, Ordering::AcqRel, Ordering::Acquire, Ordering::Relaxed};

/// A count that starts with the references of the thread that made the object.
pub trait Count: Sync {
    fn new(me: usize, references: i64) -> Self;
    /// A reference is copied.
    fn increment(&self, me: usize);
    /// A reference is dropped.
    fn decrement(&self, me: usize) -> Then;
    /// What it comes to, if all threads stand still.
    fn total(&self) -> i64;
}

/// What the thread that dropped a reference has to do next.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Then {
    GoOn,
    /// It was the last one.
    Free,
    /// It was not counted down: the owner has to do that.
    SendHome,
}

// ANCHOR: plain
/// Load, add, store: right for one thread, and for threads under one lock.
/// (Relaxed loads and stores are what plain ones compile to; Rust wants a data
/// race to be spelled out.)
#[repr(align(128))]
pub struct Plain {
    count: AtomicI64,
}

impl Count for Plain {
    fn increment(&self, _me: usize) {
        let count = self.count.load(Relaxed);
        self.count.store(count + 1, Relaxed);
    }

    fn decrement(&self, _me: usize) -> Then {
        let count = self.count.load(Relaxed);
        self.count.store(count - 1, Relaxed);
        if count == 1 { Then::Free } else { Then::GoOn }
    }
    // ANCHOR_END: plain

    fn new(_me: usize, references: i64) -> Self {
        Plain { count: AtomicI64::new(references) }
    }

    fn total(&self) -> i64 {
        self.count.load(Relaxed)
    }
}

// ANCHOR: locked
/// A lock in every object.
#[repr(align(128))]
pub struct Locked {
    count: Mutex<i64>,
}

impl Count for Locked {
    fn increment(&self, _me: usize) {
        *self.count.lock().unwrap() += 1;
    }

    fn decrement(&self, _me: usize) -> Then {
        let mut count = self.count.lock().unwrap();
        *count -= 1;
        if *count == 0 { Then::Free } else { Then::GoOn }
    }
    // ANCHOR_END: locked

    fn new(_me: usize, references: i64) -> Self {
        Locked { count: Mutex::new(references) }
    }

    fn total(&self) -> i64 {
        *self.count.lock().unwrap()
    }
}

// ANCHOR: atomic
/// One indivisible step each way: what `Arc` does.
#[repr(align(128))]
pub struct Atomic {
    count: AtomicI64,
}

impl Count for Atomic {
    // Relaxed: who copies a reference has one, so the object cannot go away.
    fn increment(&self, _me: usize) {
        self.count.fetch_add(1, Relaxed);
    }

    // Release what was done with the object, and acquire what the others did:
    // the last one frees it. (Arc acquires in that case alone.)
    fn decrement(&self, _me: usize) -> Then {
        if self.count.fetch_sub(1, AcqRel) == 1 { Then::Free } else { Then::GoOn }
    }
    // ANCHOR_END: atomic

    fn new(_me: usize, references: i64) -> Self {
        Atomic { count: AtomicI64::new(references) }
    }

    fn total(&self) -> i64 {
        self.count.load(Relaxed)
    }
}

// ANCHOR: biased
/// Two counts. The thread that made the object has one for itself alone, and
/// all others share the second. An object dies when both are at zero.
#[repr(align(128))]
pub struct Biased {
    owner: usize,
    /// Written by the owner alone. At zero it stays there.
    own: AtomicI64,
    /// Twice the count, and one more once the owner's own is at zero. The
    /// count never goes below zero.
    shared: AtomicI64,
}

const ONE: i64 = 2;
const OWNER_IS_OUT: i64 = 1;

impl Count for Biased {
    fn increment(&self, me: usize) {
        match self.mine(me) {
            0 => _ = self.shared.fetch_add(ONE, Relaxed),
            own => self.own.store(own + 1, Relaxed),
        }
    }

    fn decrement(&self, me: usize) -> Then {
        match self.mine(me) {
            0 => self.decrement_shared(),
            1 => {
                self.own.store(0, Relaxed);
                // AcqRel, as in `Atomic`: from here on whoever is last frees.
                let shared = self.shared.fetch_or(OWNER_IS_OUT, AcqRel);
                if shared == 0 { Then::Free } else { Then::GoOn }
            }
            own => {
                self.own.store(own - 1, Relaxed);
                Then::GoOn
            }
        }
    }
    // ANCHOR_END: biased

    fn new(me: usize, references: i64) -> Self {
        Biased { owner: me, own: AtomicI64::new(references), shared: AtomicI64::new(0) }
    }

    fn total(&self) -> i64 {
        self.own.load(Relaxed) + self.shared.load(Relaxed) / ONE
    }
}

// ANCHOR: shared
impl Biased {
    /// The owner's own count, for the owner; zero for all others.
    fn mine(&self, me: usize) -> i64 {
        // Relaxed: no other thread writes it.
        if me == self.owner { self.own.load(Relaxed) } else { 0 }
    }

    /// A reference that the owner counted cannot be counted down here. While
    /// the owner still counts, it is sent home to be dropped there.
    fn decrement_shared(&self) -> Then {
        // Relaxed: an old zero sends a reference home without need, no more.
        let mut shared = self.shared.load(Relaxed);
        loop {
            if shared == 0 {
                return Then::SendHome;
            }
            let left = shared - ONE;
            match self.shared.compare_exchange(shared, left, AcqRel, Acquire) {
                Ok(_) if left == OWNER_IS_OUT => return Then::Free,
                Ok(_) => return Then::GoOn,
                Err(newer) => shared = newer,
            }
        }
    }
}
// ANCHOR_END: shared

// ANCHOR: deferred
/// A tally for each thread, which no other thread writes. What they come to
/// is asked later, by a collector that has stopped all threads: it frees.
pub struct Deferred([Tally; 2]);

/// Alone on its cache lines.
#[repr(align(128))]
struct Tally(AtomicI64);

impl Count for Deferred {
    fn increment(&self, me: usize) {
        let Tally(tally) = &self.0[me];
        tally.store(tally.load(Relaxed) + 1, Relaxed);
    }

    fn decrement(&self, me: usize) -> Then {
        let Tally(tally) = &self.0[me];
        tally.store(tally.load(Relaxed) - 1, Relaxed);
        Then::GoOn
    }
    // ANCHOR_END: deferred

    fn new(me: usize, references: i64) -> Self {
        let tally = |thread| if thread == me { references } else { 0 };
        Deferred([0, 1].map(|thread| Tally(AtomicI64::new(tally(thread)))))
    }

    fn total(&self) -> i64 {
        self.0.iter().map(|Tally(tally)| tally.load(Relaxed)).sum()
    }
}
