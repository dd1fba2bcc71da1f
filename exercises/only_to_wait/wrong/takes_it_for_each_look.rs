//! Refused in far: too many states
//! Hint: To look again and again

use std::sync::mpsc::Receiver;
use std::sync::{Mutex, MutexGuard};

/// The next answer. The caller holds the lock before and after.
pub fn receive<'a>(
    gil: &'a Mutex<()>,
    held: MutexGuard<'a, ()>,
    answers: &Receiver<u32>,
) -> (u32, MutexGuard<'a, ()>) {
    let mut held = held;
    loop {
        if let Ok(answer) = answers.try_recv() {
            return (answer, held);
        }
        drop(held);
        held = gil.lock().unwrap();
    }
}
