//! Refused in none: deadlock
//! Hint: The worker goes on

use std::sync::mpsc::{Receiver, SyncSender};
use std::thread;

/// The squares of the numbers, in their order. The worker goes on until there
/// is no sender of jobs any more.
pub fn square_all(numbers: &[u32], jobs: SyncSender<u32>, squares: Receiver<u32>) -> Vec<u32> {
    thread::scope(|scope| {
        scope.spawn(|| {
            for &number in numbers {
                jobs.send(number).unwrap();
            }
        });
        squares.iter().collect()
    })
}
