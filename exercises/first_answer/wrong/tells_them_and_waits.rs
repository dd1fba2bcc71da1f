//! Refused in given_up: requests go on
//! Hint: The function was dropped at an await

use tokio::sync::mpsc;

/// What can be asked.
pub trait Server: Send + Sync + 'static {
    /// Its answer, after a while. A connection is held until then.
    fn ask(&self) -> impl Future<Output = String> + Send;
}

/// The first answer of all. The servers are asked at once.
pub async fn first_answer(servers: Vec<impl Server>) -> String {
    let (sender, mut answers) = mpsc::channel(1);
    let mut requests = Vec::new();
    for server in servers {
        let sender = sender.clone();
        requests.push(tokio::spawn(async move { sender.send(server.ask().await).await }));
    }
    let answer = answers.recv().await.expect("a server");
    for request in requests {
        request.abort();
        let _ = request.await;
    }
    answer
}
