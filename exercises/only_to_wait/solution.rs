//! A thread that holds the global lock, and receives.

use std::sync::mpsc::Receiver;
use std::sync::{Mutex, MutexGuard};

/// The next answer. The caller holds the lock before and after.
pub fn receive<'a>(
    gil: &'a Mutex<()>,
    held: MutexGuard<'a, ()>,
    answers: &Receiver<u32>,
) -> (u32, MutexGuard<'a, ()>) {
    // This never waits, and so it may be done under the lock.
    if let Ok(answer) = answers.try_recv() {
        return (answer, held);
    }
    drop(held);
    // An answer that has come since is received at once: it was kept.
    let answer = answers.recv().unwrap();
    (answer, gil.lock().unwrap())
}
