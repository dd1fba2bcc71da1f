//! Pages of a server that is not ours.

/// What is asked for pages.
pub trait Server: Clone + Send + 'static {
    /// A page, after a while.
    fn fetch(&self, page: usize) -> impl Future<Output = String> + Send;
}

/// So many requests at a time does the server want to see.
pub const AT_A_TIME: usize = 20;

/// All pages from 0 on, in their order.
pub async fn fetch_all(server: impl Server, pages: usize) -> Vec<String> {
    let fetch = |page| {
        let server = server.clone();
        tokio::spawn(async move { server.fetch(page).await })
    };
    let tasks: Vec<_> = (0..pages).map(fetch).collect();
    let mut fetched = Vec::new();
    for task in tasks {
        fetched.push(task.await.unwrap());
    }
    fetched
}
