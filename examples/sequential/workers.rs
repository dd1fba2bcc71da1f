//! Workers that wait, arranged in four ways.

use std::io::{self, Write};
use std::process;
use std::thread;
use std::time::{Duration, Instant};

/// What a worker tells of itself: who it was, and when, in microseconds.
#[derive(Clone, Copy, Debug)]
pub struct Shift {
    pub pid: u64,
    pub tid: u64,
    pub began: u64,
    pub ended: u64,
}

// ANCHOR: worker
/// Waits, and does nothing else.
pub fn worker(wait: Duration, clock: Instant) -> Shift {
    let began = clock.elapsed();
    thread::sleep(wait);
    shift(began, clock.elapsed())
}
// ANCHOR_END: worker

// ANCHOR: sequential
pub fn one_by_one(workers: u64, wait: Duration, clock: Instant) -> Vec<Shift> {
    (0..workers).map(|_| worker(wait, clock)).collect()
}
// ANCHOR_END: sequential

// ANCHOR: threads
pub fn on_threads(workers: u64, wait: Duration, clock: Instant) -> Vec<Shift> {
    let threads: Vec<_> =
        (0..workers).map(|_| thread::spawn(move || worker(wait, clock))).collect();
    threads.into_iter().map(|thread| thread.join().unwrap()).collect()
}
// ANCHOR_END: threads

// ANCHOR: processes
/// Call it while this process has no other thread.
#[cfg(unix)]
pub fn in_processes(workers: u64, wait: Duration, clock: Instant) -> io::Result<Vec<Shift>> {
    use nix::sys::wait::waitpid;
    use nix::unistd::{ForkResult, fork};

    let mut children = Vec::new();
    for _ in 0..workers {
        let (reader, writer) = io::pipe()?;
        // SAFETY: no other thread is running, so the child's copy of this
        // process holds no lock that nobody will release.
        match unsafe { fork()? } {
            ForkResult::Parent { child } => children.push((child, reader)),
            ForkResult::Child => child(writer, wait, clock),
        }
    }
    let shifts = children.into_iter().map(|(child, reader)| {
        let shift = io::read_to_string(reader)?;
        waitpid(child, None)?;
        parse(&shift).ok_or_else(|| io::Error::other("a worker process left no message"))
    });
    shifts.collect()
}
// ANCHOR_END: processes

/// The whole life of a worker process. Its result goes back through a pipe:
/// what it writes to its memory, nobody else sees.
#[cfg(unix)]
fn child(mut writer: io::PipeWriter, wait: Duration, clock: Instant) -> ! {
    #[cfg(target_os = "linux")]
    let _ = nix::sys::prctl::set_pdeathsig(nix::sys::signal::Signal::SIGTERM);
    let Shift { pid, tid, began, ended } = worker(wait, clock);
    let sent = write!(writer, "{pid} {tid} {began} {ended}");
    // SAFETY: ends the process at once, without the parent's clean-up code.
    unsafe { nix::libc::_exit(if sent.is_ok() { 0 } else { 1 }) }
}

fn parse(message: &str) -> Option<Shift> {
    let numbers: Result<Vec<u64>, _> = message.split(' ').map(str::parse).collect();
    let [pid, tid, began, ended] = numbers.ok()?[..] else { return None };
    Some(Shift { pid, tid, began, ended })
}

// ANCHOR: tasks
/// The same worker as a task: it waits without holding its thread.
pub async fn task(wait: Duration, clock: Instant) -> Shift {
    let began = clock.elapsed();
    tokio::time::sleep(wait).await;
    shift(began, clock.elapsed())
}

/// Run it on a current-thread runtime, and one thread serves all of them.
pub async fn as_tasks(workers: u64, wait: Duration, clock: Instant) -> Vec<Shift> {
    let tasks: Vec<_> = (0..workers).map(|_| tokio::spawn(task(wait, clock))).collect();
    let mut shifts = Vec::new();
    for task in tasks {
        shifts.push(task.await.unwrap());
    }
    shifts
}
// ANCHOR_END: tasks

fn shift(began: Duration, ended: Duration) -> Shift {
    let [began, ended] = [began, ended].map(|time| time.as_micros() as u64);
    Shift { pid: process::id().into(), tid: thread_id(), began, ended }
}

/// The number under which the system knows this thread.
#[cfg(target_os = "linux")]
fn thread_id() -> u64 {
    nix::unistd::gettid().as_raw() as u64
}

/// Elsewhere the number that std gives it within the process.
#[cfg(not(target_os = "linux"))]
fn thread_id() -> u64 {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut hasher = DefaultHasher::new();
    (process::id(), thread::current().id()).hash(&mut hasher);
    hasher.finish()
}
