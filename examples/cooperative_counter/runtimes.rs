//! The same two tasks on one thread and on two, and a note of each turn.

use std::future::poll_fn;
use std::pin::pin;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Barrier};
use std::thread;
use std::time::Instant;

use tokio::runtime::Builder;

use crate::counter::count;

/// When a turn began and ended, in seconds from the start of the run.
pub type Turn = (f64, f64);

// ANCHOR: spawned
/// Two tasks, spawned: where they run is up to the runtime.
pub async fn spawned(counter: &Arc<AtomicU64>, times: u64, turn: u64) -> [Vec<Turn>; 2] {
    let clock = Instant::now();
    let tasks = [(); 2].map(|()| {
        let counter = counter.clone();
        tokio::spawn(async move { watched(clock, count(&counter, times, turn)).await })
    });
    let [first, second] = tasks;
    [first.await.unwrap(), second.await.unwrap()]
}
// ANCHOR_END: spawned

// ANCHOR: a_thread_each
/// A thread for each of the two, with a runtime of its own.
pub fn a_thread_each(counter: &AtomicU64, times: u64, turn: u64) -> [Vec<Turn>; 2] {
    let clock = Instant::now();
    let both_ready = Barrier::new(2);
    let run = || {
        let runtime = Builder::new_current_thread().build().unwrap();
        both_ready.wait();
        runtime.block_on(watched(clock, count(counter, times, turn)))
    };
    thread::scope(|scope| [(); 2].map(|()| scope.spawn(run)).map(|thread| thread.join().unwrap()))
}
// ANCHOR_END: a_thread_each

// ANCHOR: watched
/// Runs a future and notes each poll: from one await to the next.
async fn watched(clock: Instant, future: impl Future<Output = ()>) -> Vec<Turn> {
    let mut future = pin!(future);
    let mut turns = Vec::new();
    poll_fn(|context| {
        let began = clock.elapsed().as_secs_f64();
        let polled = future.as_mut().poll(context);
        turns.push((began, clock.elapsed().as_secs_f64()));
        polled
    })
    .await;
    turns
}
// ANCHOR_END: watched

/// How many turns of one task met a turn of the other. Each task's are in order.
pub fn overlaps([first, second]: &[Vec<Turn>; 2]) -> usize {
    let mut others = second.iter().peekable();
    let meets = |&&(began, ended): &&Turn| {
        while others.next_if(|other| other.1 <= began).is_some() {}
        others.peek().is_some_and(|other| other.0 < ended)
    };
    first.iter().filter(meets).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn turns_that_touch_do_not_overlap() {
        let first = vec![(0.0, 1.0), (2.0, 3.0), (5.0, 6.0)];
        assert_eq!(overlaps(&[first.clone(), vec![(1.0, 2.0), (3.0, 5.0)]]), 0);
        assert_eq!(overlaps(&[first.clone(), vec![(0.5, 2.5)]]), 2);
        assert_eq!(overlaps(&[first, vec![(5.5, 7.0)]]), 1);
    }
}
