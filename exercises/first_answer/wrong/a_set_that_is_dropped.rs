//! Refused in answered: requests go on
//! Hint: A set that is dropped

use tokio::task::JoinSet;

/// What can be asked.
pub trait Server: Send + Sync + 'static {
    /// Its answer, after a while. A connection is held until then.
    fn ask(&self) -> impl Future<Output = String> + Send;
}

/// The first answer of all. The servers are asked at once.
pub async fn first_answer(servers: Vec<impl Server>) -> String {
    let mut requests = JoinSet::new();
    for server in servers {
        requests.spawn(async move { server.ask().await });
    }
    requests.join_next().await.expect("a server").unwrap()
}
