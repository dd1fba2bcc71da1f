//! Refused in far: panic: called `Result::unwrap()` on an `Err` value: Empty
//! Hint: To let go once

use std::sync::mpsc::Receiver;
use std::sync::{Mutex, MutexGuard};

/// The next answer. The caller holds the lock before and after.
pub fn receive<'a>(
    gil: &'a Mutex<()>,
    held: MutexGuard<'a, ()>,
    answers: &Receiver<u32>,
) -> (u32, MutexGuard<'a, ()>) {
    if let Ok(answer) = answers.try_recv() {
        return (answer, held);
    }
    drop(held);
    std::thread::yield_now();
    let held = gil.lock().unwrap();
    (answers.try_recv().unwrap(), held)
}
