//! Refused in four: deadlock
//! Hint: Who waits for the one who hands in

use std::sync::mpsc::{Receiver, SyncSender};
use std::thread;

/// The squares of the numbers, in their order. The worker goes on until there
/// is no sender of jobs any more.
pub fn square_all(numbers: &[u32], jobs: SyncSender<u32>, squares: Receiver<u32>) -> Vec<u32> {
    thread::scope(|scope| {
        let sender = scope.spawn(move || {
            for &number in numbers {
                jobs.send(number).unwrap();
            }
        });
        sender.join().unwrap();
        squares.iter().collect()
    })
}
