//! One end of each of two channels with little room; a worker has the others.

use std::sync::mpsc::{Receiver, SyncSender};
use std::thread;

/// The squares of the numbers, in their order. The worker goes on until there
/// is no sender of jobs any more.
pub fn square_all(numbers: &[u32], jobs: SyncSender<u32>, squares: Receiver<u32>) -> Vec<u32> {
    thread::scope(|scope| {
        // Somebody else hands in, so that we can take meanwhile. It owns `jobs`:
        // when it is done, the worker learns that no more will come.
        scope.spawn(move || {
            for &number in numbers {
                jobs.send(number).unwrap();
            }
        });
        squares.iter().collect()
    })
}
