//! Refused in far: livelock
//! Hint: It looks for the answer again and again

use std::sync::mpsc::Receiver;
use std::sync::{Mutex, MutexGuard};

/// The next answer. The caller holds the lock before and after.
pub fn receive<'a>(
    gil: &'a Mutex<()>,
    held: MutexGuard<'a, ()>,
    answers: &Receiver<u32>,
) -> (u32, MutexGuard<'a, ()>) {
    let _ = gil;
    loop {
        if let Ok(answer) = answers.try_recv() {
            return (answer, held);
        }
        std::hint::spin_loop();
    }
}
