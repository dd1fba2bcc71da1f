//! Refused in forty: waits for ever
//! Hint: An answer is waited for

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};

use super::check::connect;

/// The pages from number 1 on, in their order.
pub async fn fetch(pages: u32) -> Vec<String> {
    let mut connection = connect().await;
    for page in 1..=pages {
        connection.write_all(format!("{page}\n").as_bytes()).await.unwrap();
    }
    let mut fetched = Vec::new();
    for _ in 1..=pages {
        let mut answer = String::new();
        BufReader::new(&mut connection).read_line(&mut answer).await.unwrap();
        fetched.push(answer.trim_end().to_owned());
    }
    fetched
}
