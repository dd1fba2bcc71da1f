//! Pages from a server that is far away.

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};

use super::check::connect;

/// The pages from number 1 on, in their order.
pub async fn fetch(pages: u32) -> Vec<String> {
    let mut connection = BufReader::new(connect().await);
    // All questions are under way before the first answer is waited for, so
    // that the waits for them overlap.
    for page in 1..=pages {
        connection.write_all(format!("{page}\n").as_bytes()).await.unwrap();
    }
    let mut fetched = Vec::new();
    for _ in 1..=pages {
        let mut answer = String::new();
        connection.read_line(&mut answer).await.unwrap();
        fetched.push(answer.trim_end().to_owned());
    }
    fetched
}
