//! Pages of a server that is not ours.

use std::sync::Arc;

use tokio::sync::Semaphore;

/// What is asked for pages.
pub trait Server: Clone + Send + 'static {
    /// A page, after a while.
    fn fetch(&self, page: usize) -> impl Future<Output = String> + Send;
}

/// So many requests at a time does the server want to see.
pub const AT_A_TIME: usize = 20;

/// All pages from 0 on, in their order.
pub async fn fetch_all(server: impl Server, pages: usize) -> Vec<String> {
    let permits = Arc::new(Semaphore::new(AT_A_TIME));
    let fetch = |page| {
        let (server, permits) = (server.clone(), permits.clone());
        tokio::spawn(async move {
            // Held until the answer has come.
            let _permit = permits.acquire().await.unwrap();
            server.fetch(page).await
        })
    };
    let tasks: Vec<_> = (0..pages).map(fetch).collect();
    let mut fetched = Vec::new();
    for task in tasks {
        fetched.push(task.await.unwrap());
    }
    fetched
}
