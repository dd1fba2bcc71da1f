//! The job: arithmetic in pieces, and a note of who did which and when.

use std::ops::Range;
use std::sync::{Arc, Mutex};
use std::thread::{self, ThreadId};
use std::time::{Duration, Instant};

/// Enough that a piece is far longer than handing it over.
const PIECES: u64 = 2048;

/// Many pieces of arithmetic, each of which needs the result of the one before.
#[derive(Clone, Debug)]
pub struct Job {
    rounds: u64,
    done: Arc<Mutex<Vec<Done>>>,
}

/// Pieces that one thread did without a pause.
#[derive(Clone, Copy, Debug)]
pub struct Done {
    /// By whom.
    pub thread: ThreadId,
    /// When the first of them began.
    pub began: Instant,
    /// When the last of them ended.
    pub ended: Instant,
}

impl Job {
    /// A job that takes about `time` when nobody disturbs it: as many rounds as
    /// fitted into it at the best of ten attempts.
    pub fn taking(time: Duration) -> Job {
        const TRIED: u64 = 1_000_000;
        let attempt = || {
            let began = Instant::now();
            std::hint::black_box(compute(std::hint::black_box(0), TRIED));
            began.elapsed()
        };
        let fastest = (0..10).map(|_| attempt()).min().expect("there were ten");
        let rounds = time.as_secs_f64() / fastest.as_secs_f64() * TRIED as f64;
        Job { rounds: (rounds as u64 / PIECES).max(1), done: Arc::default() }
    }

    /// The same job, not begun.
    pub fn again(&self) -> Job {
        Job { rounds: self.rounds, done: Arc::default() }
    }

    /// Their numbers.
    pub fn pieces(&self) -> Range<u64> {
        0..PIECES
    }

    /// Does one piece, and notes when it was and on which thread.
    pub fn work(&self, before: u64, piece: u64) -> u64 {
        let began = Instant::now();
        let result = compute(before ^ piece, self.rounds);
        let (thread, ended) = (thread::current().id(), Instant::now());
        let mut done = self.done.lock().unwrap();
        match done.last_mut() {
            Some(last) if last.thread == thread && began - last.ended < PAUSE => last.ended = ended,
            _ => done.push(Done { thread, began, ended }),
        }
        result
    }

    /// Who did it, and when.
    pub fn done(&self) -> Vec<Done> {
        self.done.lock().unwrap().clone()
    }
}

/// A shorter one is not worth drawing.
const PAUSE: Duration = Duration::from_micros(500);

/// Each round needs the one before, so that no compiler shortens it.
fn compute(start: u64, rounds: u64) -> u64 {
    (0..rounds).fold(start, |number, round| {
        (number ^ round).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(23)
    })
}
