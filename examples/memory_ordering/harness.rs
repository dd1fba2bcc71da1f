//! Two threads that start each round as nearly together as they can.

use std::hint;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

// ANCHOR: race
/// Runs both sides in each of `rounds` rounds, on a fresh `set_up()` each time,
/// and returns what they saw.
pub fn race<T: Sync, A: Send, B: Send>(
    rounds: usize,
    set_up: impl Fn() -> T,
    first: impl Fn(&T) -> A + Sync,
    second: impl Fn(&T) -> B + Sync,
) -> Vec<(A, B)> {
    let fresh: Vec<T> = (0..rounds).map(|_| set_up()).collect();
    let start = StartingLine::default();
    let (firsts, seconds) = thread::scope(|scope| {
        let other = scope.spawn(|| run(&fresh, &start, &second));
        let firsts: Vec<A> = run(&fresh, &start, &first);
        (firsts, other.join().unwrap())
    });
    firsts.into_iter().zip(seconds).collect()
}

fn run<T, R>(fresh: &[T], start: &StartingLine, side: &impl Fn(&T) -> R) -> Vec<R> {
    let rounds = (1..).zip(fresh);
    let seen = rounds.map(|(round, shared)| {
        start.wait(round);
        side(shared)
    });
    seen.collect()
}
// ANCHOR_END: race

/// A barrier that spins: to be woken would take longer than a round.
#[derive(Default)]
struct StartingLine(AtomicUsize);

impl StartingLine {
    /// Waits until both have come to the start of `round`, counted from 1.
    fn wait(&self, round: usize) {
        // Nothing of a round may begin before, or be seen after, the start of
        // the next: release what was done, acquire what the other did.
        self.0.fetch_add(1, Ordering::AcqRel);
        let mut looks = 0_u32;
        while self.0.load(Ordering::Acquire) < 2 * round {
            looks += 1;
            // The other has lost its core; it may be waiting for this one.
            if looks.is_multiple_of(10_000) {
                thread::yield_now();
            }
            hint::spin_loop();
        }
    }
}
