//! Refused in near: 42, after another's turn
//! Hint: The lock was let go of though

use std::sync::mpsc::Receiver;
use std::sync::{Mutex, MutexGuard};

/// The next answer. The caller holds the lock before and after.
pub fn receive<'a>(
    gil: &'a Mutex<()>,
    held: MutexGuard<'a, ()>,
    answers: &Receiver<u32>,
) -> (u32, MutexGuard<'a, ()>) {
    drop(held);
    let answer = match answers.try_recv() {
        Ok(answer) => answer,
        Err(_) => answers.recv().unwrap(),
    };
    (answer, gil.lock().unwrap())
}
