//! Refused in hundred_pages: 500 ms, where 200 are enough
//! Hint: While the slowest of a batch

/// What is asked for pages.
pub trait Server: Clone + Send + 'static {
    /// A page, after a while.
    fn fetch(&self, page: usize) -> impl Future<Output = String> + Send;
}

/// So many requests at a time does the server want to see.
pub const AT_A_TIME: usize = 20;

/// All pages from 0 on, in their order.
pub async fn fetch_all(server: impl Server, pages: usize) -> Vec<String> {
    let mut fetched = Vec::new();
    let all: Vec<_> = (0..pages).collect();
    for batch in all.chunks(AT_A_TIME) {
        let mut tasks = Vec::new();
        for &page in batch {
            let server = server.clone();
            tasks.push(tokio::spawn(async move { server.fetch(page).await }));
        }
        for task in tasks {
            fetched.push(task.await.unwrap());
        }
    }
    fetched
}
