//! A heart that beats on an event loop, and how late each beat is.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::time::{Duration, Instant};

use tokio::time::interval;

/// One beat.
#[derive(Clone, Copy, Debug)]
pub struct Beat {
    /// When it should have come.
    pub due: Instant,
    /// When it came.
    pub came: Instant,
}

// ANCHOR: beside
/// The heart beats while the job is done, until it has caught up.
pub async fn beside<T: Send + 'static>(
    every: Duration,
    job: impl Future<Output = T> + Send + 'static,
) -> (Vec<Beat>, T) {
    let mut heart = interval(every);
    heart.tick().await;
    let job = tokio::spawn(job);
    let mut beats = Vec::new();
    loop {
        let due = heart.tick().await.into_std();
        let beat = Beat { due, came: Instant::now() };
        beats.push(beat);
        if job.is_finished() && beat.late() < every {
            return (beats, job.await.expect("the job does not panic"));
        }
    }
}
// ANCHOR_END: beside

impl Beat {
    /// How late it was.
    pub fn late(&self) -> Duration {
        self.came - self.due
    }
}

/// Passes each poll on and counts it: a turn is from one await that has to wait
/// to the next.
pub async fn turns<T>(future: impl Future<Output = T>) -> (T, u64) {
    let mut future = pin!(future);
    let mut turns = 0;
    let result = poll_fn(|context| {
        turns += 1;
        future.as_mut().poll(context)
    })
    .await;
    (result, turns)
}
