//! Refused in four: deadlock
//! Hint: The one who hands in

use std::sync::mpsc::{Receiver, SyncSender};

/// The squares of the numbers, in their order. The worker goes on until there
/// is no sender of jobs any more.
pub fn square_all(numbers: &[u32], jobs: SyncSender<u32>, squares: Receiver<u32>) -> Vec<u32> {
    let mut found = Vec::new();
    for &number in numbers {
        jobs.send(number).unwrap();
        if number % 2 == 0 {
            found.extend(squares.try_recv());
        }
    }
    drop(jobs);
    found.extend(squares.iter());
    found
}
