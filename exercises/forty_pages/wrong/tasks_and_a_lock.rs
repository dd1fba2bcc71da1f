//! Refused in forty: 40 pages, connections: 1, 2050 ms
//! Hint: Forty tasks take turns

use std::sync::Arc;

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::sync::Mutex;

use super::check::connect;

/// The pages from number 1 on, in their order.
pub async fn fetch(pages: u32) -> Vec<String> {
    let connection = Arc::new(Mutex::new(BufReader::new(connect().await)));
    let mut tasks = Vec::new();
    for page in 1..=pages {
        let connection = connection.clone();
        tasks.push(tokio::spawn(async move {
            let mut connection = connection.lock().await;
            connection.write_all(format!("{page}\n").as_bytes()).await.unwrap();
            let mut answer = String::new();
            connection.read_line(&mut answer).await.unwrap();
            answer.trim_end().to_owned()
        }));
    }
    let mut fetched = Vec::new();
    for task in tasks {
        fetched.push(task.await.unwrap());
    }
    fetched
}
