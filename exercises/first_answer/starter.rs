//! One question to several servers.

use tokio::sync::mpsc;

/// What can be asked.
pub trait Server: Send + Sync + 'static {
    /// Its answer, after a while. A connection is held until then.
    fn ask(&self) -> impl Future<Output = String> + Send;
}

/// The first answer of all. The servers are asked at once.
pub async fn first_answer(servers: Vec<impl Server>) -> String {
    let (sender, mut answers) = mpsc::channel(1);
    for server in servers {
        let sender = sender.clone();
        tokio::spawn(async move { sender.send(server.ask().await).await });
    }
    answers.recv().await.expect("a server")
}
