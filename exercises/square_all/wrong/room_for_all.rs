//! Refused: sync_channel(numbers
//! Hint: Room for everything

use std::sync::mpsc::{self, Receiver, SyncSender};
use std::thread;

/// Takes jobs and gives back their squares, as long as there are any.
fn worker(jobs: Receiver<u32>, results: SyncSender<u32>) {
    for job in &jobs {
        results.send(job * job).unwrap();
    }
}

/// The squares of the numbers, in their order.
pub fn square_all(numbers: &[u32]) -> Vec<u32> {
    let (jobs, jobs_in) = mpsc::sync_channel(1);
    let (results, results_in) = mpsc::sync_channel(numbers.len());
    thread::scope(|scope| {
        scope.spawn(move || worker(jobs_in, results));
        for &number in numbers {
            jobs.send(number).unwrap();
        }
        drop(jobs);
        results_in.iter().collect()
    })
}
