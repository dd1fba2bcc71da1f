//! Refused in hangs_up: two jobs at one place
//! Hint: The future of `handle`

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
        let _ = place;
        job()
    });
    Some(done.await.unwrap())
}
