//! Refused in far: deadlock
//! Hint: One waits for the answer

use std::sync::mpsc::Receiver;
use std::sync::{Mutex, MutexGuard};

/// The next answer. The caller holds the lock before and after.
pub fn receive<'a>(
    gil: &'a Mutex<()>,
    held: MutexGuard<'a, ()>,
    answers: &Receiver<u32>,
) -> (u32, MutexGuard<'a, ()>) {
    let _ = gil;
    (answers.recv().unwrap(), held)
}
