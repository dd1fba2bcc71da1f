//! Refused in hundred_pages: out of order
//! Hint: Pages come in the order

use tokio::task::JoinSet;

/// What is asked for pages.
pub trait Server: Clone + Send + 'static {
    /// A page, after a while.
    fn fetch(&self, page: usize) -> impl Future<Output = String> + Send;
}

/// So many requests at a time does the server want to see.
pub const AT_A_TIME: usize = 20;

/// All pages from 0 on, in their order.
pub async fn fetch_all(server: impl Server, pages: usize) -> Vec<String> {
    let (mut tasks, mut fetched) = (JoinSet::new(), Vec::new());
    for page in 0..pages {
        if tasks.len() == AT_A_TIME {
            fetched.push(tasks.join_next().await.unwrap().unwrap());
        }
        let server = server.clone();
        tasks.spawn(async move { server.fetch(page).await });
    }
    fetched.extend(tasks.join_all().await);
    fetched
}
