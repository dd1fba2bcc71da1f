//! What a server does with a request.

use std::sync::Arc;

use tokio::sync::Semaphore;

/// What `job` returns, or `None` if there is no place for it.
pub async fn handle(
    places: Arc<Semaphore>,
    job: impl FnOnce() -> u32 + Send + 'static,
) -> Option<u32> {
    let _place = places.acquire().await.unwrap();
    Some(job())
}
