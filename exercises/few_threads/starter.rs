//! Many small jobs, done by threads.

use std::thread;

/// The results of `job` for 0, 1, 2 and so on, in this order.
pub fn run_all(jobs: usize, job: impl Fn(usize) -> u64 + Sync) -> Vec<u64> {
    let job = &job;
    let mut results = vec![0; jobs];
    thread::scope(|scope| {
        for (number, place) in results.iter_mut().enumerate() {
            scope.spawn(move || *place = job(number));
        }
    });
    results
}
