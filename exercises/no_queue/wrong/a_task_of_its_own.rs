//! Refused in health: the job ran on the event loop
//! Hint: While the job blocks

use std::sync::Arc;

use tokio::sync::Semaphore;
use tokio::task;

/// What `job` returns, or `None` if there is no place for it.
pub async fn handle(
    places: Arc<Semaphore>,
    job: impl FnOnce() -> u32 + Send + 'static,
) -> Option<u32> {
    let place = places.try_acquire_owned().ok()?;
    let done = task::spawn(async move {
        let _place = place;
        job()
    });
    Some(done.await.unwrap())
}
