//! One question to several servers.

use tokio::task::JoinSet;

/// What can be asked.
pub trait Server: Send + Sync + 'static {
    /// Its answer, after a while. A connection is held until then.
    fn ask(&self) -> impl Future<Output = String> + Send;
}

/// The first answer of all. The servers are asked at once.
pub async fn first_answer(servers: Vec<impl Server>) -> String {
    // A set owns its tasks: if it is dropped at an await, they are aborted.
    let mut requests = JoinSet::new();
    for server in servers {
        requests.spawn(async move { server.ask().await });
    }
    let answer = requests.join_next().await.expect("a server").unwrap();
    // Aborts the rest, and waits until they have ended.
    requests.shutdown().await;
    answer
}
