//! Refused in answered: it takes longer than the quickest
//! Hint: All must be under way

use tokio::sync::mpsc;

/// What can be asked.
pub trait Server: Send + Sync + 'static {
    /// Its answer, after a while. A connection is held until then.
    fn ask(&self) -> impl Future<Output = String> + Send;
}

/// The first answer of all. The servers are asked at once.
pub async fn first_answer(servers: Vec<impl Server>) -> String {
    let (sender, mut answers) = mpsc::channel(servers.len());
    let mut requests = Vec::new();
    for server in servers {
        let sender = sender.clone();
        requests.push(tokio::spawn(async move { sender.send(server.ask().await).await }));
    }
    for request in requests {
        request.await.unwrap().unwrap();
    }
    answers.recv().await.expect("a server")
}
