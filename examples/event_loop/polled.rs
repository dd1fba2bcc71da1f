//! Step two: a future, polled by hand.

#![cfg(target_os = "linux")]

use std::io::{self, ErrorKind::WouldBlock, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use nix::errno::Errno;
use nix::sys::epoll::{Epoll, EpollCreateFlags, EpollEvent, EpollFlags, EpollTimeout};

// ANCHOR: future
/// A connection, and how far it has come.
struct Echo {
    stream: TcpStream,
    buffer: [u8; 1024],
    state: State,
}

enum State {
    Reading,
    Writing { sent: usize, read: usize },
}

impl Future for Echo {
    type Output = ();

    /// Goes as far as it can without waiting.
    fn poll(mut self: Pin<&mut Self>, _context: &mut Context) -> Poll<()> {
        let Echo { stream, buffer, state } = &mut *self;
        loop {
            let attempt = match *state {
                State::Reading => stream.read(buffer),
                State::Writing { sent, read } => stream.write(&buffer[sent..read]),
            };
            let bytes = match attempt {
                Ok(0) => return Poll::Ready(()),
                Ok(bytes) => bytes,
                Err(error) if error.kind() == WouldBlock => return Poll::Pending,
                Err(_) => return Poll::Ready(()),
            };
            *state = match *state {
                State::Reading => State::Writing { sent: 0, read: bytes },
                State::Writing { sent, read } if sent + bytes < read => {
                    State::Writing { sent: sent + bytes, read }
                }
                State::Writing { .. } => State::Reading,
            };
        }
    }
}
// ANCHOR_END: future

// ANCHOR: poll_all
/// Waits until anything has happened, and polls everybody.
pub fn serve(
    listener: TcpListener,
    connections: usize,
    limit: Duration,
    polls: Arc<AtomicU64>,
) -> io::Result<()> {
    // Edge-triggered: each event is reported once, and not until it is dealt with.
    let watch = EpollFlags::EPOLLIN | EpollFlags::EPOLLOUT | EpollFlags::EPOLLET;
    let epoll = Epoll::new(EpollCreateFlags::EPOLL_CLOEXEC)?;
    listener.set_nonblocking(true)?;
    epoll.add(&listener, EpollEvent::new(watch, 0))?;
    let idle: EpollTimeout = limit.try_into().unwrap_or(EpollTimeout::MAX);

    let mut echoes: Vec<Pin<Box<Echo>>> = Vec::new();
    let mut context = Context::from_waker(Waker::noop());
    let mut accepted = 0;
    while accepted < connections || !echoes.is_empty() {
        match epoll.wait(&mut [EpollEvent::empty(); 1024], idle) {
            Ok(0) => break,
            Ok(_) | Err(Errno::EINTR) => {}
            Err(error) => return Err(error.into()),
        }
        while let Ok((stream, _)) = listener.accept() {
            stream.set_nonblocking(true)?;
            epoll.add(&stream, EpollEvent::new(watch, 0))?;
            echoes.push(Box::pin(Echo { stream, buffer: [0; 1024], state: State::Reading }));
            accepted += 1;
        }
        echoes.retain_mut(|echo| {
            polls.fetch_add(1, Relaxed);
            echo.as_mut().poll(&mut context).is_pending()
        });
    }
    Ok(())
}
// ANCHOR_END: poll_all
