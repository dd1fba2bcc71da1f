//! Step three: an event loop that polls whom somebody has woken, and nobody else.

#![cfg(target_os = "linux")]

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, HashMap};
use std::io::{self, ErrorKind::WouldBlock};
use std::os::fd::{AsFd, AsRawFd, RawFd};
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Instant;

use nix::errno::Errno;
use nix::sys::epoll::{Epoll, EpollCreateFlags, EpollEvent, EpollFlags, EpollTimeout};
use nix::sys::eventfd::{EfdFlags, EventFd};

use crate::queue::Queue;

// ANCHOR: tasks
/// The tasks, and who waits for which file and which moment.
pub struct EventLoop {
    tasks: RefCell<HashMap<u64, Task>>,
    woken: Arc<Woken>,
    epoll: Epoll,
    files: RefCell<HashMap<RawFd, Option<Waker>>>,
    timers: RefCell<BTreeMap<(Instant, u64), Waker>>,
    last: Cell<u64>,
}

/// A future that nobody awaits but the loop, and the waker that it is polled with.
struct Task {
    future: Pin<Box<dyn Future<Output = ()>>>,
    waker: Waker,
}
// ANCHOR_END: tasks

// ANCHOR: waker
/// What all wakers share: the queue, and a bell to ring if the loop sleeps.
struct Woken {
    queue: Queue,
    bell: EventFd,
}

/// What a [`Waker`] is made from.
struct WakeTask {
    task: u64,
    woken: Arc<Woken>,
}

impl Wake for WakeTask {
    fn wake(self: Arc<Self>) {
        if self.woken.queue.push(self.task) {
            self.woken.bell.write(1).expect("a bell can be rung");
        }
    }
}
// ANCHOR_END: waker

impl EventLoop {
    // ANCHOR: spawn
    /// A loop without tasks.
    pub fn new() -> io::Result<Rc<EventLoop>> {
        let epoll = Epoll::new(EpollCreateFlags::EPOLL_CLOEXEC)?;
        let bell = EventFd::from_flags(EfdFlags::EFD_NONBLOCK | EfdFlags::EFD_CLOEXEC)?;
        // Nobody reads the bell: edge-triggered, each ring is an event of its own.
        let ring = EpollFlags::EPOLLIN | EpollFlags::EPOLLET;
        epoll.add(&bell, EpollEvent::new(ring, bell.as_raw_fd() as u64))?;
        let woken = Arc::new(Woken { queue: Queue::new(), bell });
        Ok(Rc::new(EventLoop {
            tasks: RefCell::default(),
            woken,
            epoll,
            files: RefCell::default(),
            timers: RefCell::default(),
            last: Cell::default(),
        }))
    }

    /// Takes a task in, and puts it in line for its first poll.
    pub fn spawn(&self, future: impl Future<Output = ()> + 'static) {
        let task = self.number();
        let waker = Waker::from(Arc::new(WakeTask { task, woken: self.woken.clone() }));
        waker.wake_by_ref();
        self.tasks.borrow_mut().insert(task, Task { future: Box::pin(future), waker });
    }

    /// A number that nothing else of this loop has.
    fn number(&self) -> u64 {
        self.last.update(|last| last + 1);
        self.last.get()
    }
    // ANCHOR_END: spawn

    // ANCHOR: run
    /// Polls whoever was woken, sleeps, and wakes whoever's event has come,
    /// until there is no task left.
    pub fn run(&self, polls: &AtomicU64) -> io::Result<()> {
        let mut events = [EpollEvent::empty(); 256];
        loop {
            for task in self.woken.queue.take() {
                self.poll(task, polls);
            }
            if self.tasks.borrow().is_empty() {
                return Ok(());
            }
            let may_sleep = self.woken.queue.may_sleep();
            let time = if may_sleep { self.until_next_timer() } else { EpollTimeout::ZERO };
            let ready = match self.epoll.wait(&mut events, time) {
                Err(Errno::EINTR) => 0,
                ready => ready?,
            };
            self.woken.queue.awake();
            events[..ready].iter().for_each(|event| self.wake(event));
            self.wake_timers();
        }
    }

    fn poll(&self, number: u64, polls: &AtomicU64) {
        // Out of the table meanwhile: the task may spawn others. One that was
        // woken twice may be done already.
        let Some(mut task) = self.tasks.borrow_mut().remove(&number) else { return };
        polls.fetch_add(1, Relaxed);
        let mut context = Context::from_waker(&task.waker);
        if task.future.as_mut().poll(&mut context).is_pending() {
            self.tasks.borrow_mut().insert(number, task);
        }
    }

    fn wake(&self, event: &EpollEvent) {
        // The bell has nobody waiting: its purpose was to end the sleep.
        let mut files = self.files.borrow_mut();
        if let Some(waiting) = files.get_mut(&(event.data() as RawFd))
            && let Some(waker) = waiting.take()
        {
            waker.wake();
        }
    }

    fn wake_timers(&self) {
        let mut timers = self.timers.borrow_mut();
        while let Some(timer) = timers.first_entry()
            && timer.key().0 <= Instant::now()
        {
            timer.remove().wake();
        }
    }

    fn until_next_timer(&self) -> EpollTimeout {
        let timers = self.timers.borrow();
        let Some(((at, _), _)) = timers.first_key_value() else { return EpollTimeout::NONE };
        let left = at.saturating_duration_since(Instant::now());
        // epoll counts whole milliseconds: rounded up, or it would wake too early.
        left.as_micros().div_ceil(1000).try_into().unwrap_or(EpollTimeout::MAX)
    }
    // ANCHOR_END: run
}

// ANCHOR: source
/// A file that never blocks, known to a loop until it is dropped.
pub struct Source<F: AsFd> {
    file: F,
    pub on: Rc<EventLoop>,
}

impl<F: AsFd> Source<F> {
    /// `file` must be non-blocking.
    pub fn new(on: &Rc<EventLoop>, file: F) -> io::Result<Source<F>> {
        let watch = EpollFlags::EPOLLIN | EpollFlags::EPOLLOUT | EpollFlags::EPOLLET;
        let number = file.as_fd().as_raw_fd();
        on.epoll.add(&file, EpollEvent::new(watch, number as u64))?;
        on.files.borrow_mut().insert(number, None);
        Ok(Source { file, on: on.clone() })
    }

    /// Tries. If that would block, leaves the waker where the event will find
    /// it. There is room for one: no two tasks may wait for the same file.
    pub fn poll<T>(
        &self,
        context: &Context,
        attempt: impl FnOnce(&F) -> io::Result<T>,
    ) -> Poll<io::Result<T>> {
        match attempt(&self.file) {
            Err(error) if error.kind() == WouldBlock => {
                let number = self.file.as_fd().as_raw_fd();
                self.on.files.borrow_mut().insert(number, Some(context.waker().clone()));
                Poll::Pending
            }
            done => Poll::Ready(done),
        }
    }
}

impl<F: AsFd> Drop for Source<F> {
    fn drop(&mut self) {
        // epoll forgets a file when it is closed.
        self.on.files.borrow_mut().remove(&self.file.as_fd().as_raw_fd());
    }
}
// ANCHOR_END: source

// ANCHOR: sleep
/// Ready at a moment, and not before.
pub struct Sleep {
    timer: (Instant, u64),
    on: Rc<EventLoop>,
}

impl Sleep {
    /// Until `at`.
    pub fn until(on: &Rc<EventLoop>, at: Instant) -> Sleep {
        Sleep { timer: (at, on.number()), on: on.clone() }
    }
}

impl Future for Sleep {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context) -> Poll<()> {
        if Instant::now() >= self.timer.0 {
            return Poll::Ready(());
        }
        self.on.timers.borrow_mut().insert(self.timer, context.waker().clone());
        Poll::Pending
    }
}

impl Drop for Sleep {
    fn drop(&mut self) {
        self.on.timers.borrow_mut().remove(&self.timer);
    }
}
// ANCHOR_END: sleep
