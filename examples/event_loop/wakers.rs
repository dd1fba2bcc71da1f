//! Step three, continued: the same futures as in step two, on that loop.

#![cfg(target_os = "linux")]

use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use crate::event_loop::{EventLoop, Source};

// ANCHOR: future
struct Echo {
    stream: Source<TcpStream>,
    buffer: [u8; 1024],
    state: State,
}

enum State {
    Reading,
    Writing { sent: usize, read: usize },
}

impl Future for Echo {
    type Output = ();

    /// Goes as far as it can. Where it would have to wait, it leaves its waker.
    fn poll(mut self: Pin<&mut Self>, context: &mut Context) -> Poll<()> {
        let Echo { stream, buffer, state } = &mut *self;
        loop {
            let attempt = match *state {
                State::Reading => stream.poll(context, |mut file| file.read(buffer)),
                State::Writing { sent, read } => {
                    stream.poll(context, |mut file| file.write(&buffer[sent..read]))
                }
            };
            let bytes = match ready!(attempt) {
                Ok(0) | Err(_) => return Poll::Ready(()),
                Ok(bytes) => bytes,
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

// ANCHOR: serve
/// Serves so many connections until they are closed.
pub fn serve(
    listener: TcpListener,
    connections: usize,
    _limit: Duration,
    polls: Arc<AtomicU64>,
) -> io::Result<()> {
    let on = EventLoop::new()?;
    listener.set_nonblocking(true)?;
    let listener = Source::new(&on, listener)?;
    on.spawn(Accept { listener, left: connections, on: on.clone() });
    on.run(&polls)
}

struct Accept {
    listener: Source<TcpListener>,
    left: usize,
    on: Rc<EventLoop>,
}

impl Future for Accept {
    type Output = ();

    /// Accepts whoever is there, and makes a task of each connection.
    fn poll(mut self: Pin<&mut Self>, context: &mut Context) -> Poll<()> {
        while self.left > 0 {
            let attempt = self.listener.poll(context, |file| file.accept());
            let Ok((stream, _)) = ready!(attempt) else { break };
            self.left -= 1;
            if stream.set_nonblocking(true).is_ok()
                && let Ok(stream) = Source::new(&self.on, stream)
            {
                self.on.spawn(Echo { stream, buffer: [0; 1024], state: State::Reading });
            }
        }
        Poll::Ready(())
    }
}
// ANCHOR_END: serve
