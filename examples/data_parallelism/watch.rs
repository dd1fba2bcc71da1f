//! Who did which piece of work, and when.

use std::thread::{self, ThreadId};
use std::time::{Duration, Instant};

use taking_turns::{Lane, State};

/// A piece of work that was done.
pub struct Piece<T> {
    pub result: T,
    by: ThreadId,
    from: Duration,
    to: Duration,
}

/// The same work, watched.
pub fn watched<T>(clock: Instant, work: impl Fn(usize) -> T) -> impl Fn(usize) -> Piece<T> {
    move |number| {
        let from = clock.elapsed();
        let result = work(number);
        Piece { result, by: thread::current().id(), from, to: clock.elapsed() }
    }
}

/// In how many stretches the pieces were done: a stretch ends where the next
/// piece was done by another worker.
pub fn stretches<T>(done: &[Piece<T>]) -> usize {
    done.chunk_by(|piece, next| piece.by == next.by).count()
}

/// A worker that pauses for less than this is drawn as busy.
const PAUSE: Duration = Duration::from_micros(200);

/// A lane for each worker, named in the order of the pieces.
pub fn lanes<T>(variant: &str, done: &[Piece<T>]) -> Vec<Lane> {
    let mut workers = Vec::new();
    for piece in done {
        if !workers.contains(&piece.by) {
            workers.push(piece.by);
        }
    }
    let lane = |(worker, number)| {
        let own = done.iter().filter(|piece| piece.by == worker);
        let mut busy: Vec<_> = own.map(|piece| (piece.from, piece.to)).collect();
        busy.sort();
        let spans = busy.chunk_by(|last, next| next.0 - last.1 < PAUSE).map(|close| {
            let (first, last) = (close[0], close[close.len() - 1]);
            (first.0.as_secs_f64(), last.1.as_secs_f64(), State::Running)
        });
        Lane {
            variant: variant.to_owned(),
            name: format!("worker {number}"),
            spans: spans.collect(),
        }
    };
    workers.into_iter().zip(1..).map(lane).collect()
}
