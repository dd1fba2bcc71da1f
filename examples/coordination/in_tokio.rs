//! The same promises, made by tokio to tasks on two threads.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use tokio::sync::{Barrier, OnceCell, Semaphore};
use tokio::task::{JoinSet, yield_now};

use crate::promises::Tally;

// ANCHOR: semaphore
/// Never more than `permits` inside.
pub async fn semaphore(workers: usize, rounds: usize, permits: usize) -> Tally {
    let tally = Arc::new(Tally::default());
    let shared = Arc::new((Semaphore::new(permits), AtomicUsize::new(0)));
    let mut tasks = JoinSet::new();
    for _ in 0..workers {
        let (tally, shared) = (tally.clone(), shared.clone());
        tasks.spawn(async move {
            let (semaphore, inside) = &*shared;
            for _ in 0..rounds {
                let _permit = semaphore.acquire().await.expect("it is never closed");
                tally.look(inside.fetch_add(1, Relaxed) < permits);
                yield_now().await;
                inside.fetch_sub(1, Relaxed);
            }
        });
    }
    tasks.join_all().await;
    Arc::into_inner(tally).expect("all tasks have ended")
}
// ANCHOR_END: semaphore

/// Nobody leaves before the last has arrived.
pub async fn barrier(workers: usize, rounds: usize) -> Tally {
    let tally = Arc::new(Tally::default());
    let shared = Arc::new((Barrier::new(workers), AtomicUsize::new(0)));
    let mut tasks = JoinSet::new();
    for _ in 0..workers {
        let (tally, shared) = (tally.clone(), shared.clone());
        tasks.spawn(async move {
            let (barrier, arrived) = &*shared;
            for round in 1..=rounds {
                arrived.fetch_add(1, Relaxed);
                barrier.wait().await;
                tally.look(arrived.load(Relaxed) >= round * workers);
            }
        });
    }
    tasks.join_all().await;
    Arc::into_inner(tally).expect("all tasks have ended")
}

/// One of them initialises, and all see what it made.
pub async fn once(workers: usize, rounds: usize) -> Tally {
    let tally = Arc::new(Tally::default());
    for _ in 0..rounds {
        let shared = Arc::new((OnceCell::new(), AtomicUsize::new(0)));
        let mut tasks = JoinSet::new();
        for _ in 0..workers {
            let (tally, shared) = (tally.clone(), shared.clone());
            tasks.spawn(async move {
                let (value, made) = &*shared;
                let number = value.get_or_init(async || made.fetch_add(1, Relaxed)).await;
                tally.look(*number == 0);
            });
        }
        tasks.join_all().await;
        tally.look(shared.1.load(Relaxed) == 1);
    }
    Arc::into_inner(tally).expect("all tasks have ended")
}
