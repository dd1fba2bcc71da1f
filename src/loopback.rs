//! A web server on this machine that is slow on purpose: it stands in for all
//! the servers that are far away.

use std::io::{self, BufRead, BufReader, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

/// Serves pages over HTTP/1.1 on 127.0.0.1 until it is dropped, each of them
/// [`PAGE_BYTES`] long and each after the same latency. A thread for each
/// connection waits; it uses next to no processor time.
#[derive(Debug)]
pub struct Loopback {
    address: SocketAddr,
    shared: Arc<Shared>,
}

/// Length of a page's body.
pub const PAGE_BYTES: usize = 4096;

#[derive(Debug)]
struct Shared {
    latency: Duration,
    /// Bytes of bodies that were written out.
    served: AtomicU64,
    closing: AtomicBool,
}

impl Loopback {
    /// Listens on a port that the system chooses; every answer comes after `latency`.
    pub fn start(latency: Duration) -> io::Result<Loopback> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared {
            latency,
            served: AtomicU64::new(0),
            closing: AtomicBool::new(false),
        });
        let serving = Arc::clone(&shared);
        thread::Builder::new().name("loopback".to_owned()).spawn(move || {
            for connection in listener.incoming() {
                // Relaxed: the connection that wakes us was made after the
                // flag was set, and a late look costs one idle thread.
                if serving.closing.load(Ordering::Relaxed) {
                    break;
                }
                let shared = Arc::clone(&serving);
                if let Ok(connection) = connection {
                    // A client that goes away ends its own connection alone.
                    thread::spawn(move || shared.answer(&connection));
                }
            }
        })?;
        Ok(Loopback { address, shared })
    }

    /// The address of a page.
    pub fn url(&self, page: u64) -> String {
        format!("http://{}/pages/{page}", self.address)
    }

    /// Bytes of pages served so far.
    pub fn served(&self) -> u64 {
        // Relaxed: whoever has read a whole page is ordered behind its
        // writing by the socket.
        self.shared.served.load(Ordering::Relaxed)
    }
}

impl Drop for Loopback {
    fn drop(&mut self) {
        self.shared.closing.store(true, Ordering::Relaxed);
        // Wakes the listener, which then sees the flag.
        let _ = TcpStream::connect(self.address);
    }
}

impl Shared {
    /// Answers one request after another until the client closes.
    fn answer(&self, connection: &TcpStream) -> io::Result<()> {
        connection.set_nodelay(true)?;
        let mut reader = BufReader::new(connection);
        let mut writer = connection;
        let mut line = String::new();
        loop {
            line.clear();
            if reader.read_line(&mut line)? == 0 {
                return Ok(());
            }
            let target = line.split_whitespace().nth(1).unwrap_or("/").to_owned();
            while line.trim_end() != "" {
                line.clear();
                reader.read_line(&mut line)?;
            }
            thread::sleep(self.latency);
            let mut answer = format!(
                "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: {PAGE_BYTES}\r\n\r\n"
            );
            let title = format!("You asked for {target}.\n");
            let title = &title[..title.len().min(80)];
            answer.push_str(title);
            answer.extend(std::iter::repeat_n('.', PAGE_BYTES - title.len()));
            // Counted first: a client that has the page must find it counted.
            self.served.fetch_add(PAGE_BYTES as u64, Ordering::Relaxed);
            writer.write_all(answer.as_bytes())?;
        }
    }
}
