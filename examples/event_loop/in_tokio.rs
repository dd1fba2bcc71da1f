//! The same server on tokio's current-thread runtime.

#![cfg(target_os = "linux")]

use std::future::poll_fn;
use std::io;
use std::net::TcpListener as Listening;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Builder;
use tokio::time::timeout;

// ANCHOR: serve
pub fn serve(
    listener: Listening,
    connections: usize,
    limit: Duration,
    polls: Arc<AtomicU64>,
) -> io::Result<()> {
    let runtime = Builder::new_current_thread().enable_all().build()?;
    listener.set_nonblocking(true)?;
    runtime.block_on(async {
        let listener = TcpListener::from_std(listener)?;
        let mut guests = Vec::new();
        for _ in 0..connections {
            let (stream, _) = timeout(limit, listener.accept()).await??;
            guests.push(tokio::spawn(counted(polls.clone(), echo(stream, limit))));
        }
        for guest in guests {
            guest.await??;
        }
        Ok(())
    })
}

async fn echo(mut stream: TcpStream, limit: Duration) -> io::Result<()> {
    let mut buffer = [0; 1024];
    loop {
        let bytes = timeout(limit, stream.read(&mut buffer)).await??;
        if bytes == 0 {
            return Ok(());
        }
        timeout(limit, stream.write_all(&buffer[..bytes])).await??;
    }
}
// ANCHOR_END: serve

/// The same future, with its polls counted.
async fn counted<T>(polls: Arc<AtomicU64>, work: impl Future<Output = T>) -> T {
    let mut work = pin!(work);
    poll_fn(|cx| {
        polls.fetch_add(1, Relaxed);
        work.as_mut().poll(cx)
    })
    .await
}
