//! One vector, added up by several threads that get at it in three ways.

use std::any::Any;
use std::cell::Cell;
use std::ops::Range;
use std::process;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::thread;

/// What a worker tells of itself, besides its sum.
#[derive(Clone, Debug)]
pub struct Worker {
    pub pid: u64,
    pub tid: u64,
    /// Where the numbers lay that it read.
    pub address: usize,
    /// Which call of `add_up` this was: of all threads, and of this one.
    pub call: u64,
    pub own_call: u64,
    pub sum: u64,
}

// ANCHOR: worker
/// One for the whole process.
static CALLS: AtomicU64 = AtomicU64::new(0);

thread_local! {
    /// One for each thread, made when the thread first uses it.
    static OWN_CALLS: Cell<u64> = const { Cell::new(0) };
}

pub fn add_up(numbers: &[u64]) -> Worker {
    // Relaxed: a number is drawn, and nothing else is told by it.
    let call = CALLS.fetch_add(1, Relaxed) + 1;
    OWN_CALLS.set(OWN_CALLS.get() + 1);
    Worker {
        pid: process::id().into(),
        tid: thread_id(),
        address: numbers.as_ptr().addr(),
        call,
        own_call: OWN_CALLS.get(),
        sum: numbers.iter().sum(),
    }
}
// ANCHOR_END: worker

// ANCHOR: borrowed
/// The scope ends after its threads, so they may borrow what outlives it.
pub fn borrowed(numbers: &[u64], threads: usize) -> Vec<Worker> {
    thread::scope(|scope| {
        let workers: Vec<_> = parts(numbers.len(), threads)
            .map(|part| scope.spawn(move || add_up(&numbers[part])))
            .collect();
        workers.into_iter().map(|worker| worker.join().unwrap()).collect()
    })
}
// ANCHOR_END: borrowed

// ANCHOR: shared
/// A spawned thread may outlive its parent; each holds on to the vector.
pub fn shared(numbers: &Arc<Vec<u64>>, threads: usize) -> Vec<Worker> {
    let workers: Vec<_> = parts(numbers.len(), threads)
        .map(|part| {
            let numbers = Arc::clone(numbers);
            thread::spawn(move || add_up(&numbers[part]))
        })
        .collect();
    workers.into_iter().map(|worker| worker.join().unwrap()).collect()
}
// ANCHOR_END: shared

// ANCHOR: copied
/// Each thread owns a copy of its part, and shares nothing.
pub fn copied(numbers: &[u64], threads: usize) -> Vec<Worker> {
    let workers: Vec<_> = parts(numbers.len(), threads)
        .map(|part| {
            let own = numbers[part].to_vec();
            thread::spawn(move || add_up(&own))
        })
        .collect();
    workers.into_iter().map(|worker| worker.join().unwrap()).collect()
}
// ANCHOR_END: copied

// ANCHOR: panics
/// The thread that meets `bad` panics; `join` tells of each how it ended.
pub fn one_panics(numbers: &[u64], threads: usize, bad: u64) -> Vec<Result<Worker, String>> {
    thread::scope(|scope| {
        let workers: Vec<_> = parts(numbers.len(), threads)
            .map(|part| {
                scope.spawn(move || {
                    assert!(!numbers[part.clone()].contains(&bad), "cannot add {bad}");
                    add_up(&numbers[part])
                })
            })
            .collect();
        workers.into_iter().map(|worker| worker.join().map_err(message)).collect()
    })
}

/// What was given to `panic!`: a text where it was formatted, a literal where not.
fn message(panic: Box<dyn Any + Send>) -> String {
    match panic.downcast::<String>() {
        Ok(text) => *text,
        Err(other) => {
            other.downcast::<&str>().map_or("no text".to_owned(), |text| text.to_string())
        }
    }
}
// ANCHOR_END: panics

/// As many parts as there are threads, one beside the other.
fn parts(length: usize, threads: usize) -> impl Iterator<Item = Range<usize>> {
    (0..threads).map(move |n| length * n / threads..length * (n + 1) / threads)
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
    thread::current().id().hash(&mut hasher);
    hasher.finish()
}
