//! Step four: `async fn` on that loop, with sockets, timers, join, threads and signals.

#![cfg(target_os = "linux")]

use std::future::poll_fn;
use std::io::{self, ErrorKind::TimedOut, ErrorKind::WouldBlock, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::pin::pin;
use std::rc::Rc;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex};
use std::task::{Poll, Waker};
use std::thread;
use std::time::{Duration, Instant};

use nix::sys::signal::SigSet;
use nix::sys::signalfd::{SfdFlags, SignalFd};

use crate::event_loop::{EventLoop, Sleep, Source};

// ANCHOR: serve
/// Serves so many connections until they are closed, and waits for nobody
/// longer than `limit`.
pub fn serve(
    listener: TcpListener,
    connections: usize,
    limit: Duration,
    polls: Arc<AtomicU64>,
) -> io::Result<()> {
    let on = EventLoop::new()?;
    let listener = listen(&on, listener)?;
    let welcome = async move {
        let mut guests = Vec::new();
        for _ in 0..connections {
            let stream = timeout(&listener.on, limit, accept(&listener)).await??;
            guests.push(spawn(&listener.on, echo(stream, limit)));
        }
        for guest in guests {
            guest.join().await?;
        }
        Ok(())
    };
    block_on(&on, welcome, &polls)?
}

/// Sends back whatever comes.
pub async fn echo(stream: Source<TcpStream>, limit: Duration) -> io::Result<()> {
    let mut buffer = [0; 1024];
    loop {
        let bytes = timeout(&stream.on, limit, read(&stream, &mut buffer)).await??;
        if bytes == 0 {
            return Ok(());
        }
        timeout(&stream.on, limit, write_all(&stream, &buffer[..bytes])).await??;
    }
}
// ANCHOR_END: serve

// ANCHOR: sockets
pub fn listen(on: &Rc<EventLoop>, listener: TcpListener) -> io::Result<Source<TcpListener>> {
    listener.set_nonblocking(true)?;
    Source::new(on, listener)
}

pub async fn accept(listener: &Source<TcpListener>) -> io::Result<Source<TcpStream>> {
    let (stream, _) = poll_fn(|cx| listener.poll(cx, |file| file.accept())).await?;
    stream.set_nonblocking(true)?;
    Source::new(&listener.on, stream)
}

pub async fn read(stream: &Source<TcpStream>, buffer: &mut [u8]) -> io::Result<usize> {
    poll_fn(|cx| stream.poll(cx, |mut file| file.read(buffer))).await
}

pub async fn write_all(stream: &Source<TcpStream>, mut unsent: &[u8]) -> io::Result<()> {
    while !unsent.is_empty() {
        let sent = poll_fn(|cx| stream.poll(cx, |mut file| file.write(unsent))).await?;
        unsent = &unsent[sent..];
    }
    Ok(())
}
// ANCHOR_END: sockets

// ANCHOR: timeout
/// What `work` comes to, unless it takes longer than `limit`.
pub async fn timeout<T>(
    on: &Rc<EventLoop>,
    limit: Duration,
    work: impl Future<Output = T>,
) -> io::Result<T> {
    let mut work = pin!(work);
    let mut sleep = pin!(Sleep::until(on, Instant::now() + limit));
    poll_fn(|cx| match work.as_mut().poll(cx) {
        Poll::Ready(done) => Poll::Ready(Ok(done)),
        Poll::Pending => sleep.as_mut().poll(cx).map(|()| Err(TimedOut.into())),
    })
    .await
}
// ANCHOR_END: timeout

// ANCHOR: join
/// The result of something, once there is one, and who waits for it.
pub struct Handle<T>(Arc<Mutex<(Option<T>, Option<Waker>)>>);

impl<T> Handle<T> {
    fn pair() -> [Handle<T>; 2] {
        let slot = Arc::new(Mutex::new((None, None)));
        [Handle(slot.clone()), Handle(slot)]
    }

    fn set(&self, done: T) {
        let (result, waiter) = &mut *self.0.lock().unwrap();
        *result = Some(done);
        if let Some(waiter) = waiter.take() {
            waiter.wake();
        }
    }

    /// Waits for the result.
    pub async fn join(self) -> T {
        poll_fn(|cx| {
            let (result, waiter) = &mut *self.0.lock().unwrap();
            *waiter = Some(cx.waker().clone());
            result.take().map_or(Poll::Pending, Poll::Ready)
        })
        .await
    }
}

/// Starts a task. It runs whether or not anybody waits for it.
pub fn spawn<T: 'static>(on: &EventLoop, work: impl Future<Output = T> + 'static) -> Handle<T> {
    let [ours, theirs] = Handle::pair();
    on.spawn(async move { theirs.set(work.await) });
    ours
}

/// Does `work` on a thread of its own, so that the loop is not blocked.
pub fn on_a_thread<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Handle<T> {
    let [ours, theirs] = Handle::pair();
    thread::spawn(move || theirs.set(work()));
    ours
}

/// Runs a future and whatever it spawns, to the end.
pub fn block_on<T: 'static>(
    on: &EventLoop,
    main: impl Future<Output = T> + 'static,
    polls: &AtomicU64,
) -> io::Result<T> {
    let main = spawn(on, main);
    on.run(polls)?;
    let (result, _) = &mut *main.0.lock().unwrap();
    Ok(result.take().expect("no task is left, and it was one"))
}
// ANCHOR_END: join

// ANCHOR: signal
/// Waits for one of these signals, which all threads must have blocked.
pub async fn signal(on: &Rc<EventLoop>, signals: SigSet) -> io::Result<()> {
    let flags = SfdFlags::SFD_NONBLOCK | SfdFlags::SFD_CLOEXEC;
    let file = Source::new(on, SignalFd::with_flags(&signals, flags)?)?;
    let attempt = |file: &SignalFd| file.read_signal()?.map(drop).ok_or(WouldBlock.into());
    poll_fn(|cx| file.poll(cx, attempt)).await
}
// ANCHOR_END: signal

#[cfg(test)]
mod tests {
    use std::io::ErrorKind;
    use std::sync::atomic::Ordering::Relaxed;
    use std::sync::mpsc;

    use super::*;

    fn loopback() -> (TcpListener, TcpStream) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let guest = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        (listener, guest)
    }

    const LONG: Duration = Duration::from_secs(600);

    #[test]
    fn a_silent_guest_is_given_up() {
        let (listener, _guest) = loopback();
        let limit = Duration::from_millis(1);
        let served = serve(listener, 1, limit, Arc::default());
        assert_eq!(served.unwrap_err().kind(), ErrorKind::TimedOut);
    }

    #[test]
    fn a_guest_who_leaves_after_a_word_is_answered() {
        let (listener, mut guest) = loopback();
        guest.write_all(b"word").unwrap();
        guest.shutdown(std::net::Shutdown::Write).unwrap();
        serve(listener, 1, LONG, Arc::default()).unwrap();
        let mut answer = String::new();
        guest.read_to_string(&mut answer).unwrap();
        assert_eq!(answer, "word");
    }

    /// More than the socket holds, so that the server must wait for room.
    #[test]
    fn a_guest_who_does_not_listen_stops_nobody_else() {
        let (listener, mut deaf) = loopback();
        let mut other = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        let server = thread::spawn(|| serve(listener, 2, LONG, Arc::default()));
        deaf.set_nonblocking(true).unwrap();
        let mut sent = 0;
        // Until the server stops reading, because it cannot write.
        for _ in 0..1000 {
            while let Ok(bytes) = deaf.write(&[b'.'; 4096]) {
                sent += bytes;
            }
            other.write_all(b"!").unwrap();
            other.read_exact(&mut [0]).unwrap();
        }
        drop(other);
        deaf.set_nonblocking(false).unwrap();
        deaf.shutdown(std::net::Shutdown::Write).unwrap();
        let mut answer = Vec::new();
        deaf.read_to_end(&mut answer).unwrap();
        assert_eq!(answer.len(), sent);
        server.join().unwrap().unwrap();
    }

    #[test]
    fn a_thread_wakes_a_loop_that_sleeps() {
        let on = EventLoop::new().unwrap();
        let (wake, sleeping) = mpsc::channel();
        let result = on_a_thread(move || sleeping.recv().unwrap());
        // The timer would wake it as well, and much later.
        let late = Instant::now() + LONG / 10;
        let again = on.clone();
        let main = async move { timeout(&again, LONG / 10, result.join()).await };
        let polls = AtomicU64::new(0);
        thread::scope(|scope| {
            scope.spawn(|| {
                // The first poll of the only task; after it, the loop sleeps.
                while polls.load(Relaxed) == 0 {
                    thread::yield_now();
                }
                wake.send(7).unwrap();
            });
            assert_eq!(block_on(&on, main, &polls).unwrap().unwrap(), 7);
            assert!(Instant::now() < late, "the timer woke it");
        });
    }

    #[test]
    fn what_took_too_long_is_dropped_with_its_timer() {
        let on = EventLoop::new().unwrap();
        let again = on.clone();
        let work = async move {
            let forever = Sleep::until(&again, Instant::now() + LONG);
            let short = timeout(&again, Duration::from_millis(1), forever).await;
            assert_eq!(short.unwrap_err().kind(), ErrorKind::TimedOut);
            timeout(&again, LONG, async { 7 }).await.unwrap()
        };
        // With a timer left, or with a task, this would last ten minutes.
        assert_eq!(block_on(&on, work, &AtomicU64::new(0)).unwrap(), 7);
    }
}
