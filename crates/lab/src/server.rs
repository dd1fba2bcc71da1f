//! From connections to requests.
//!
//! `axum::serve` waits for the head of a request as long as it takes, so whoever opens connections
//! and says nothing holds them for ever. Here a head has a time in which to come, and connections
//! have a bound: those beyond it wait until one ends, which the slow ones soon do.

use std::io::{self, ErrorKind};
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context as Polled, Poll};
use std::time::Duration;

use anyhow::{Context, Result, anyhow};
use axum::{Extension, Router};
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{sleep, timeout};

use crate::guard::Here;

/// A browser has six to a server and a socket or two for each page; 1 024 open files are what a
/// process has by default.
const MOST_CONNECTIONS: usize = 500;

/// For the head of a request to come, the first as well as each one that follows.
const PATIENCE: Duration = Duration::from_secs(5);

/// No connection is of use for longer, but as a WebSocket: whoever reads an answer a byte at a time
/// is let go as well. A browser opens another.
const LONGEST: Duration = Duration::from_secs(600);

/// Listens on `address`.
pub async fn listen(address: IpAddr, port: u16) -> Result<TcpListener> {
    let wanted = SocketAddr::new(address, port);
    match TcpListener::bind(wanted).await {
        Ok(listener) => Ok(listener),
        Err(error) if error.kind() == ErrorKind::AddrInUse => {
            let mut message = format!("cannot listen on {wanted}: address in use");
            if let Some(free) = free_port_after(wanted).await {
                message += &format!("; port {free} is free: cargo run -- --port {free}");
            }
            Err(anyhow!(message))
        }
        Err(error) => Err(error).context(format!("cannot listen on {wanted}")),
    }
}

async fn free_port_after(taken: SocketAddr) -> Option<u16> {
    for port in taken.port().checked_add(1)?..=u16::MAX {
        if TcpListener::bind((taken.ip(), port)).await.is_ok() {
            return Some(port);
        }
    }
    None
}

/// Answers requests for ever.
pub async fn serve(listener: TcpListener, router: Router) {
    let free = Arc::new(Semaphore::new(MOST_CONNECTIONS));
    loop {
        let permit = Arc::clone(&free).acquire_owned().await.expect("nobody closes it");
        match listener.accept().await {
            Ok((stream, _)) => drop(tokio::spawn(answer(stream, permit, router.clone()))),
            // Out of files, say: others must end theirs first.
            Err(_) => sleep(Duration::from_millis(50)).await,
        }
    }
}

async fn answer(stream: TcpStream, permit: OwnedSemaphorePermit, router: Router) {
    let Ok(here) = stream.local_addr() else { return };
    let _ = stream.set_nodelay(true);
    let router = router.layer(Extension(Here(here)));
    let connection = Counted { stream, _permit: permit };
    // Whoever breaks off or breaks the protocol ends their own connection alone.
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(PATIENCE)
        .max_buf_size(64 << 10)
        .serve_connection(TokioIo::new(connection), TowerToHyperService::new(router))
        .with_upgrades();
    tokio::pin!(connection);
    if timeout(LONGEST, &mut connection).await.is_err() {
        connection.as_mut().graceful_shutdown();
        let _ = timeout(PATIENCE, connection).await;
    }
}

/// A connection that counts for as long as it is open, also as a WebSocket.
struct Counted {
    stream: TcpStream,
    _permit: OwnedSemaphorePermit,
}

impl AsyncRead for Counted {
    fn poll_read(
        mut self: Pin<&mut Self>,
        polled: &mut Polled<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(polled, buffer)
    }
}

impl AsyncWrite for Counted {
    fn poll_write(
        mut self: Pin<&mut Self>,
        polled: &mut Polled<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(polled, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, polled: &mut Polled<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(polled)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, polled: &mut Polled<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(polled)
    }
}
