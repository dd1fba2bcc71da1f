//! Refused in hangs_up: waits for ever
//! Hint: After the jobs had ended

use std::sync::Arc;

use tokio::sync::Semaphore;
use tokio::task;

/// What `job` returns, or `None` if there is no place for it.
pub async fn handle(
    places: Arc<Semaphore>,
    job: impl FnOnce() -> u32 + Send + 'static,
) -> Option<u32> {
    places.try_acquire().ok()?.forget();
    let result = task::spawn_blocking(job).await.unwrap();
    places.add_permits(1);
    Some(result)
}
