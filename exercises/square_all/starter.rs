//! One end of each of two channels with little room; a worker has the others.

use std::sync::mpsc::{Receiver, SyncSender};

/// The squares of the numbers, in their order. The worker goes on until there
/// is no sender of jobs any more.
pub fn square_all(numbers: &[u32], jobs: SyncSender<u32>, squares: Receiver<u32>) -> Vec<u32> {
    for &number in numbers {
        jobs.send(number).unwrap();
    }
    drop(jobs);
    squares.iter().collect()
}
