//! Refused in full: waits for ever
//! Hint: The third waits

use std::sync::Arc;

use tokio::sync::Semaphore;
use tokio::task;

/// What `job` returns, or `None` if there is no place for it.
pub async fn handle(
    places: Arc<Semaphore>,
    job: impl FnOnce() -> u32 + Send + 'static,
) -> Option<u32> {
    let place = places.acquire_owned().await.unwrap();
    let done = task::spawn_blocking(move || {
        let _place = place;
        job()
    });
    Some(done.await.unwrap())
}
