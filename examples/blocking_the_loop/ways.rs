//! A job that computes for a long time, beside an event loop or on it.

use tokio::sync::{mpsc, oneshot};
use tokio::task::{spawn_blocking, unconstrained, yield_now};

use crate::job::Job;

// ANCHOR: inline
/// On the loop, in one go. There is an `async` and no await.
pub async fn inline(job: Job) -> u64 {
    job.pieces().fold(0, |result, piece| job.work(result, piece))
}
// ANCHOR_END: inline

// ANCHOR: yields
/// On the loop, and after each piece the others have a turn.
pub async fn yields(job: Job) -> u64 {
    let mut result = 0;
    for piece in job.pieces() {
        result = job.work(result, piece);
        yield_now().await;
    }
    result
}
// ANCHOR_END: yields

// ANCHOR: budget
/// On the loop. Each piece comes from a channel, in which all of them are ready.
pub async fn budget(job: Job) -> u64 {
    let (sender, mut receiver) = mpsc::unbounded_channel();
    for piece in job.pieces() {
        sender.send(piece).expect("the receiver is here");
    }
    drop(sender);
    let mut result = 0;
    while let Some(piece) = receiver.recv().await {
        result = job.work(result, piece);
    }
    result
}

/// The same, and tokio is told not to interfere.
pub async fn no_budget(job: Job) -> u64 {
    unconstrained(budget(job)).await
}
// ANCHOR_END: budget

// ANCHOR: spawn_blocking
/// On a thread that tokio keeps for such things.
pub async fn blocking_pool(job: Job) -> u64 {
    let all = move || job.pieces().fold(0, |result, piece| job.work(result, piece));
    spawn_blocking(all).await.expect("the job does not panic")
}
// ANCHOR_END: spawn_blocking

// ANCHOR: rayon
/// On rayon's pool, which has a thread for each core.
pub async fn rayon(job: Job) -> u64 {
    let (sender, receiver) = oneshot::channel();
    rayon::spawn(move || {
        let result = job.pieces().fold(0, |result, piece| job.work(result, piece));
        // Whoever asked may have stopped waiting for it.
        let _ = sender.send(result);
    });
    receiver.await.expect("the job does not panic")
}
// ANCHOR_END: rayon
