//! Step one: an event loop of callbacks.

#![cfg(target_os = "linux")]

use std::collections::{BTreeMap, HashMap};
use std::io::{self, ErrorKind::WouldBlock, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::fd::{AsFd, AsRawFd, RawFd};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};

use nix::errno::Errno;
use nix::sys::epoll::{Epoll, EpollCreateFlags, EpollEvent, EpollFlags, EpollTimeout};

// ANCHOR: loop
/// What to do once something has happened.
type Callback = Box<dyn FnOnce(&mut Loop) -> io::Result<()>>;

/// Who waits for which file, and who for which moment.
struct Loop {
    epoll: Epoll,
    files: HashMap<RawFd, Callback>,
    timers: BTreeMap<Instant, Callback>,
}

impl Loop {
    /// Calls back, once, when this file is ready to be read or written.
    fn when(
        &mut self,
        ready: EpollFlags,
        file: impl AsFd,
        then: impl FnOnce(&mut Loop) -> io::Result<()> + 'static,
    ) -> io::Result<()> {
        let file = file.as_fd();
        let mut event = EpollEvent::new(ready | EpollFlags::EPOLLONESHOT, file.as_raw_fd() as u64);
        // A file that is watched for the first time is not there to be modified.
        self.epoll.modify(file, &mut event).or_else(|_| self.epoll.add(file, event))?;
        self.files.insert(file.as_raw_fd(), Box::new(then));
        Ok(())
    }

    /// Calls back when so much time has passed.
    fn after(&mut self, time: Duration, then: impl FnOnce(&mut Loop) -> io::Result<()> + 'static) {
        self.timers.insert(Instant::now() + time, Box::new(then));
    }

    /// Waits, calls back, and waits again, as long as anybody waits for a file.
    fn run(&mut self, calls: &AtomicU64) -> io::Result<()> {
        let mut events = [EpollEvent::empty(); 256];
        while !self.files.is_empty() {
            let ready = match self.epoll.wait(&mut events, self.until_next_timer()) {
                Err(Errno::EINTR) => 0,
                ready => ready?,
            };
            for event in &events[..ready] {
                if let Some(then) = self.files.remove(&(event.data() as RawFd)) {
                    calls.fetch_add(1, Relaxed);
                    then(self)?;
                }
            }
            while let Some(timer) = self.timers.first_entry()
                && *timer.key() <= Instant::now()
            {
                timer.remove()(self)?;
            }
        }
        Ok(())
    }

    fn until_next_timer(&self) -> EpollTimeout {
        let Some((at, _)) = self.timers.first_key_value() else { return EpollTimeout::NONE };
        let left = at.saturating_duration_since(Instant::now());
        // epoll counts whole milliseconds: rounded up, or it would wake too early.
        left.as_micros().div_ceil(1000).try_into().unwrap_or(EpollTimeout::MAX)
    }
}
// ANCHOR_END: loop

// ANCHOR: echo
/// Reads once there is something to read, and then writes it back.
fn read(on: &mut Loop, stream: Rc<TcpStream>) -> io::Result<()> {
    on.when(EpollFlags::EPOLLIN, stream.clone(), move |on| {
        let mut buffer = [0; 1024];
        match (&*stream).read(&mut buffer) {
            // Nobody has asked to be called back: this connection is over.
            Ok(0) => Ok(()),
            Ok(read) => write(on, stream, buffer[..read].to_vec()),
            Err(error) if error.kind() == WouldBlock => self::read(on, stream),
            Err(_) => Ok(()),
        }
    })
}

/// Writes, now or once there is room, and then reads again.
fn write(on: &mut Loop, stream: Rc<TcpStream>, mut unsent: Vec<u8>) -> io::Result<()> {
    match (&*stream).write(&unsent) {
        Ok(sent) => drop(unsent.drain(..sent)),
        Err(error) if error.kind() == WouldBlock => {}
        Err(_) => return Ok(()),
    }
    if unsent.is_empty() {
        return read(on, stream);
    }
    on.when(EpollFlags::EPOLLOUT, stream.clone(), move |on| write(on, stream, unsent))
}
// ANCHOR_END: echo

// ANCHOR: serve
/// Serves so many connections until they are closed, but not for ever.
pub fn serve(
    listener: TcpListener,
    connections: usize,
    limit: Duration,
    calls: Arc<AtomicU64>,
) -> io::Result<()> {
    listener.set_nonblocking(true)?;
    let epoll = Epoll::new(EpollCreateFlags::EPOLL_CLOEXEC)?;
    let mut on = Loop { epoll, files: HashMap::new(), timers: BTreeMap::new() };
    // Who is forgotten is dropped, and the socket with it.
    on.after(limit, |on| {
        on.files.clear();
        Ok(())
    });
    accept(&mut on, Rc::new(listener), connections)?;
    on.run(&calls)
}

/// Accepts a connection once there is one, and then the next.
fn accept(on: &mut Loop, listener: Rc<TcpListener>, left: usize) -> io::Result<()> {
    if left == 0 {
        return Ok(());
    }
    on.when(EpollFlags::EPOLLIN, listener.clone(), move |on| {
        let (stream, _) = listener.accept()?;
        stream.set_nonblocking(true)?;
        read(on, Rc::new(stream))?;
        accept(on, listener, left - 1)
    })
}
// ANCHOR_END: serve
