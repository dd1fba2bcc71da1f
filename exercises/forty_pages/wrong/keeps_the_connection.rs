//! Refused in forty: 40 pages, connections: 1, 2050 ms
//! Hint: No connection is opened twice

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};

use super::check::connect;

/// The pages from number 1 on, in their order.
pub async fn fetch(pages: u32) -> Vec<String> {
    let mut connection = BufReader::new(connect().await);
    let mut fetched = Vec::new();
    for page in 1..=pages {
        connection.write_all(format!("{page}\n").as_bytes()).await.unwrap();
        let mut answer = String::new();
        connection.read_line(&mut answer).await.unwrap();
        fetched.push(answer.trim_end().to_owned());
    }
    fetched
}
