//! What waits, what runs, what is done and what has failed: for the terminal,
//! and as a page.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

use crate::broker::Counts;

/// What was last seen of each queue.
pub type Board = Arc<Mutex<Vec<(&'static str, Counts)>>>;

/// The board as lines of text.
pub fn table(board: &[(&str, Counts)]) -> String {
    let mut lines =
        format!("{:12}{:>8}{:>8}{:>8}{:>8}", "queue", "waiting", "running", "done", "failed");
    for (queue, Counts { waiting, running, done, failed }) in board {
        lines += &format!("\n{queue:12}{waiting:>8}{running:>8}{done:>8}{failed:>8}");
    }
    lines
}

/// Answers every request with the board, until it is dropped.
pub async fn serve(listener: TcpListener, board: Board) {
    while let Ok((socket, _)) = listener.accept().await {
        let board = board.clone();
        tokio::spawn(async move {
            // A reader who hangs up is no concern of ours.
            let _ = answer(socket, board).await;
        });
    }
}

async fn answer(socket: TcpStream, board: Board) -> std::io::Result<()> {
    let mut socket = BufReader::new(socket);
    let mut line = String::new();
    while socket.read_line(&mut line).await? > 0 && !line.ends_with("\r\n\r\n") {
        if line.len() > 8192 {
            return Ok(());
        }
    }
    let rows = page(&board.lock().unwrap());
    let head = "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nConnection: close";
    socket
        .write_all(format!("{head}\r\nContent-Length: {}\r\n\r\n{rows}", rows.len()).as_bytes())
        .await?;
    socket.flush().await
}

fn page(board: &[(&str, Counts)]) -> String {
    let rows: String = board
        .iter()
        .map(|(queue, Counts { waiting, running, done, failed })| {
            format!("<tr><th scope=row>{queue}<td>{waiting}<td>{running}<td>{done}<td>{failed}\n")
        })
        .collect();
    format!(
        "<!doctype html><html lang=en><meta charset=utf-8><meta http-equiv=refresh content=1>\n\
         <title>Queues</title>\n\
         <style>body{{font:16px system-ui;margin:2rem}}td,th{{padding:.2rem 1rem;text-align:right}}\
         th:first-child{{text-align:left}}</style>\n\
         <h1>Queues</h1>\n<table><tr><th scope=col>queue<th scope=col>waiting<th scope=col>running\
         <th scope=col>done<th scope=col>failed\n{rows}</table></html>\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::AsyncReadExt;

    fn board() -> Board {
        let counts = Counts { waiting: 3, running: 1, done: 20, failed: 2 };
        Arc::new(Mutex::new(vec![("mail", counts)]))
    }

    #[test]
    fn the_table_has_a_line_for_each_queue() {
        let table = table(&board().lock().unwrap());
        assert_eq!(
            table.lines().collect::<Vec<_>>(),
            [
                "queue        waiting running    done  failed",
                "mail               3       1      20       2"
            ]
        );
    }

    #[tokio::test]
    async fn the_page_shows_the_board() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let server = tokio::spawn(serve(listener, board()));
        let mut socket = TcpStream::connect(address).await.unwrap();
        socket.write_all(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
        let mut answer = String::new();
        socket.read_to_string(&mut answer).await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
        assert!(answer.contains("<th scope=row>mail<td>3<td>1<td>20<td>2\n"), "{answer}");
        server.abort();
    }
}
