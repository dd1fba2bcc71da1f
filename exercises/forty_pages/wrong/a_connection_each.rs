//! Refused in forty: 40 pages, connections: 40, 100 ms
//! Hint: The waits overlap

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};

use super::check::connect;

/// The pages from number 1 on, in their order.
pub async fn fetch(pages: u32) -> Vec<String> {
    let tasks: Vec<_> = (1..=pages).map(|page| tokio::spawn(one(page))).collect();
    let mut fetched = Vec::new();
    for task in tasks {
        fetched.push(task.await.unwrap());
    }
    fetched
}

async fn one(page: u32) -> String {
    let mut connection = BufReader::new(connect().await);
    connection.write_all(format!("{page}\n").as_bytes()).await.unwrap();
    let mut answer = String::new();
    connection.read_line(&mut answer).await.unwrap();
    answer.trim_end().to_owned()
}
