//! Refused in full: three jobs at two places
//! Hint: The place was free again

use std::sync::Arc;

use tokio::sync::Semaphore;
use tokio::task;

/// What `job` returns, or `None` if there is no place for it.
pub async fn handle(
    places: Arc<Semaphore>,
    job: impl FnOnce() -> u32 + Send + 'static,
) -> Option<u32> {
    let _ = places.try_acquire().ok()?;
    Some(task::spawn_blocking(job).await.unwrap())
}
