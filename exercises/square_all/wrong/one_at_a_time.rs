//! Refused in next_first: deadlock
//! Hint: The worker waits for its next job

use std::sync::mpsc::{Receiver, SyncSender};

/// The squares of the numbers, in their order. The worker goes on until there
/// is no sender of jobs any more.
pub fn square_all(numbers: &[u32], jobs: SyncSender<u32>, squares: Receiver<u32>) -> Vec<u32> {
    let mut found = Vec::new();
    for &number in numbers {
        jobs.send(number).unwrap();
        found.push(squares.recv().unwrap());
    }
    found
}
