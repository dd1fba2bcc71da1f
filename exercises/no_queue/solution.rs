//! What a server does with a request.

use std::sync::Arc;

use tokio::sync::Semaphore;
use tokio::task;

/// What `job` returns, or `None` if there is no place for it.
pub async fn handle(
    places: Arc<Semaphore>,
    job: impl FnOnce() -> u32 + Send + 'static,
) -> Option<u32> {
    let place = places.try_acquire_owned().ok()?;
    let done = task::spawn_blocking(move || {
        // The place goes with the job, and is free when the job has ended,
        // whether or not anybody still waits for it.
        let _place = place;
        job()
    });
    Some(done.await.unwrap())
}
