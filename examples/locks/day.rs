//! A day at the tills: each is a thread that sells and looks until the doors
//! close, and keeps a receipt of what it did.

use std::hint;
use std::sync::Barrier;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::thread;
use std::time::{Duration, Instant};

use crate::tally::{ARTICLES, Counts, Till};

/// Steps in a till's plan. It makes whole rounds of its plan, so that what it
/// sold is known without counting.
const STEPS: usize = 1_000;

/// What the tills do, and for how long.
#[derive(Clone, Copy)]
pub struct Day {
    /// Threads.
    pub tills: usize,
    /// Of a hundred steps, how many look; the others sell.
    pub looks: usize,
    /// Rounds of arithmetic with the lock in hand.
    pub hold: u64,
    /// From opening to closing.
    pub hours: Duration,
}

/// What the tills did, by their receipts.
pub struct Receipts {
    /// Of each article.
    pub sold: Counts,
    /// Steps of all tills, in a second.
    pub pace: f64,
}

#[derive(Clone, Copy)]
struct Step {
    sells: bool,
    article: usize,
}

impl Day {
    /// Opens so many tills, each in its thread.
    pub fn run<T: Till>(self, open: impl Fn() -> T + Sync) -> Receipts {
        let closed = AtomicBool::new(false);
        let doors = Barrier::new(self.tills + 1);
        let till = |number| {
            let (plan, till) = (self.plan(number), open());
            doors.wait();
            let began = Instant::now();
            let rounds = self.serve(&plan, till, &closed);
            (rounds, began, Instant::now())
        };
        let done: Vec<_> = thread::scope(|scope| {
            let till = &till;
            let tills: Vec<_> =
                (0..self.tills).map(|number| scope.spawn(move || till(number))).collect();
            doors.wait();
            thread::sleep(self.hours);
            // Relaxed: it carries nothing but itself.
            closed.store(true, Relaxed);
            tills.into_iter().map(|till| till.join().unwrap()).collect()
        });
        let mut sold = [0; ARTICLES];
        for (number, &(rounds, ..)) in done.iter().enumerate() {
            self.plan(number).iter().for_each(|s| sold[s.article] += rounds * u64::from(s.sells));
        }
        let steps = done.iter().map(|&(rounds, ..)| rounds).sum::<u64>() * STEPS as u64;
        // From the first to begin to the last to end: this thread sleeps late.
        let began = done.iter().map(|&(_, began, _)| began).min();
        let ended = done.iter().map(|&(_, _, ended)| ended).max();
        let took = ended.zip(began).map_or(Duration::ZERO, |(ended, began)| ended - began);
        Receipts { sold, pace: steps as f64 / took.as_secs_f64() }
    }

    /// Sales and looks in an even mixture, each till with articles of its own.
    fn plan(self, till: usize) -> Vec<Step> {
        let sales = STEPS * (100 - self.looks) / 100;
        // 919 and 1000 have no common factor: each number below 1000 comes once.
        let step = |n: usize| Step {
            sells: n * 919 % STEPS < sales,
            article: (n * 37 + till * 29) % ARTICLES,
        };
        (0..STEPS).map(step).collect()
    }

    /// One till, until the doors close. Tells how many rounds it made.
    fn serve(self, plan: &[Step], mut till: impl Till, closed: &AtomicBool) -> u64 {
        let mut rounds = 0;
        while !closed.load(Relaxed) {
            for step in plan {
                if step.sells {
                    till.sell(step.article, self.hold);
                } else {
                    hint::black_box(till.look(step.article, self.hold));
                }
            }
            rounds += 1;
        }
        till.close();
        rounds
    }
}
