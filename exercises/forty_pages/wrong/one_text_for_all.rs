//! Refused in forty: other pages: where page 2 should be is "page 1\npage 2"
//! Hint: `read_line` appends

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};

use super::check::connect;

/// The pages from number 1 on, in their order.
pub async fn fetch(pages: u32) -> Vec<String> {
    let mut fetched = Vec::new();
    let mut connection = BufReader::new(connect().await);
    for page in 1..=pages {
        connection.write_all(format!("{page}\n").as_bytes()).await.unwrap();
    }
    let mut answer = String::new();
    for _ in 1..=pages {
        connection.read_line(&mut answer).await.unwrap();
        fetched.push(answer.trim_end().to_owned());
    }
    fetched
}
