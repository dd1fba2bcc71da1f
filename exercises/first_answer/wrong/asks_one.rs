//! Refused in answered: not the quickest
//! Hint: Whose answer comes first

/// What can be asked.
pub trait Server: Send + Sync + 'static {
    /// Its answer, after a while. A connection is held until then.
    fn ask(&self) -> impl Future<Output = String> + Send;
}

/// The first answer of all. The servers are asked at once.
pub async fn first_answer(servers: Vec<impl Server>) -> String {
    let server = servers.first().expect("a server");
    server.ask().await
}
