//! A web server in a process of its own, so that what it costs is not counted
//! with the clients. It answers every request after the same latency.

use std::io::{self, BufRead, BufReader, Read};
use std::net::{Ipv4Addr, SocketAddr};
use std::process::{self, Child, Command, Stdio};
use std::time::Duration;
use std::{env, thread};

use anyhow::Context;
use taking_turns::loopback::PAGE_BYTES;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};

use crate::ROLE;

/// A thousand clients may knock at once: who finds no room here comes back
/// after a second, and would have waited for nothing.
const BACKLOG: u32 = 4_096;

/// Lives until it is dropped.
pub struct Server {
    process: Child,
    address: SocketAddr,
}

impl Server {
    /// Has this program serve in another process; every answer comes after
    /// `latency` milliseconds.
    pub fn start(latency: u64) -> anyhow::Result<Server> {
        let mut process = Command::new(env::current_exe().context("cannot find this program")?)
            .env(ROLE, format!("serve {latency}"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("cannot start the server")?;
        let mut said = String::new();
        let output = process.stdout.take().expect("it is piped");
        let read = BufReader::new(output).read_line(&mut said);
        let mut server = Server { process, address: (Ipv4Addr::LOCALHOST, 0).into() };
        read?;
        server.address = said.trim_end().parse().context("the server has told no address")?;
        Ok(server)
    }

    /// The address of a page.
    pub fn url(&self) -> String {
        format!("http://{}/page", self.address)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.process.stdin.take());
        let _ = self.process.wait();
    }
}

/// What the process does: it tells its address, and serves until its input
/// ends, as that of an orphan does.
pub fn serve(latency: u64) -> anyhow::Result<()> {
    thread::spawn(|| {
        let _ = io::stdin().read_to_end(&mut Vec::new());
        process::exit(0);
    });
    let answer = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: {PAGE_BYTES}\r\n\r\n{}",
        ".".repeat(PAGE_BYTES)
    );
    let answer: &'static [u8] = answer.leak().as_bytes();
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
        let socket = TcpSocket::new_v4()?;
        socket.bind((Ipv4Addr::LOCALHOST, 0).into())?;
        let listener = socket.listen(BACKLOG)?;
        println!("{}", listener.local_addr()?);
        loop {
            let (client, _) = listener.accept().await?;
            tokio::spawn(answer_all(client, Duration::from_millis(latency), answer));
        }
    })
}

/// Answers one request after another until the client closes.
async fn answer_all(mut client: TcpStream, latency: Duration, answer: &[u8]) -> io::Result<()> {
    client.set_nodelay(true)?;
    let mut request = Vec::new();
    loop {
        while !request.ends_with(b"\r\n\r\n") {
            if client.read_buf(&mut request).await? == 0 {
                return Ok(());
            }
        }
        request.clear();
        // Of no time at all it would make a whole millisecond.
        if !latency.is_zero() {
            tokio::time::sleep(latency).await;
        }
        client.write_all(answer).await?;
    }
}
