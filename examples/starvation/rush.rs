//! A rush at one lock: each thread goes in and out, and asks again at once.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::sync::{Barrier, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use crate::spin::{Barging, Lock, Ticket};

/// How many rush, how long each stays inside, and for how long it goes on.
#[derive(Clone, Copy)]
pub struct Rush {
    /// Threads.
    pub threads: usize,
    /// Time with the lock in hand.
    pub inside: Duration,
    /// From the first to ask to the last.
    pub length: Duration,
}

/// One time that a thread was inside.
#[derive(Clone, Copy)]
pub struct Visit {
    /// When it asked for the lock.
    pub asked: Instant,
    /// When it got it.
    pub got_in: Instant,
    /// When it was about to give it back.
    pub left: Instant,
    /// How many visits there were before, of all threads.
    pub before: u64,
}

/// Those of each thread, in their order.
pub type Visits = Vec<Vec<Visit>>;

// ANCHOR: locks
/// std's, which promises no order.
pub fn std_mutex(rush: Rush) -> Visits {
    let lock = Mutex::new(());
    rush.run(|visit| {
        let _guard = lock.lock().unwrap();
        visit.inside();
    })
}

/// parking_lot's of today.
pub fn parking_lot(rush: Rush) -> Visits {
    let lock = parking_lot::Mutex::new(());
    rush.run(|visit| {
        let _guard = lock.lock();
        visit.inside();
    })
}

/// parking_lot's as it was up to 0.12: now and then it hands over by itself.
pub fn parking_lot_0_12(rush: Rush) -> Visits {
    let lock = parking_lot_0_12::Mutex::new(());
    rush.run(|visit| {
        let _guard = lock.lock();
        visit.inside();
    })
}

/// Its sister that hands over to whoever sleeps, each time.
pub fn fair_mutex(rush: Rush) -> Visits {
    let lock = parking_lot::FairMutex::new(());
    rush.run(|visit| {
        let _guard = lock.lock();
        visit.inside();
    })
}
// ANCHOR_END: locks

/// Our own that spins, for whoever is quick.
pub fn barging(rush: Rush) -> Visits {
    let lock = Barging::default();
    rush.run(|visit| {
        lock.lock();
        visit.inside();
        lock.unlock();
    })
}

/// And the one for whoever came first. Counts who got in out of turn.
pub fn ticket(rush: Rush, out_of_turn: &AtomicU64) -> Visits {
    let lock = Ticket::default();
    rush.run(|visit| {
        let ticket = lock.draw();
        lock.wait_for(ticket);
        let before = visit.inside();
        lock.unlock();
        // Relaxed: read when all threads have been joined.
        out_of_turn.fetch_add(u64::from(before != ticket), Relaxed);
    })
}

/// To be called with the lock in hand.
pub struct Turn<'a> {
    inside: Duration,
    asked: Instant,
    visits: &'a AtomicU64,
    visit: Option<Visit>,
}

impl Turn<'_> {
    /// Stays for as long as a visit takes. Tells how many came before.
    pub fn inside(&mut self) -> u64 {
        let got_in = Instant::now();
        // Relaxed: written with the lock in hand, which orders it.
        let before = self.visits.load(Relaxed);
        self.visits.store(before + 1, Relaxed);
        let left = stay(got_in, self.inside);
        self.visit = Some(Visit { asked: self.asked, got_in, left, before });
        before
    }
}

impl Rush {
    /// The visits of each thread, in their order.
    fn run(self, go_in: impl Fn(&mut Turn) + Sync) -> Visits {
        let (visits, over) = (AtomicU64::new(0), AtomicBool::new(false));
        let start = Barrier::new(self.threads + 1);
        let one = || {
            let mut mine = Vec::with_capacity(10_000);
            start.wait();
            // Relaxed: it carries nothing but itself.
            while !over.load(Relaxed) {
                let asked = Instant::now();
                let mut turn = Turn { inside: self.inside, asked, visits: &visits, visit: None };
                go_in(&mut turn);
                mine.extend(turn.visit);
            }
            mine
        };
        thread::scope(|scope| {
            let threads: Vec<_> = (0..self.threads).map(|_| scope.spawn(one)).collect();
            start.wait();
            thread::sleep(self.length);
            over.store(true, Relaxed);
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        })
    }
}

/// Computes until so much time has passed. Tells when it was over.
pub(crate) fn stay(since: Instant, time: Duration) -> Instant {
    loop {
        let now = Instant::now();
        if now - since >= time {
            return now;
        }
    }
}
