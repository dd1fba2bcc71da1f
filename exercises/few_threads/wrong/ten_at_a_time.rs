//! Refused in one_by_one: too slow
//! Hint: It is not how many threads

use std::thread;

/// The results of `job` for 0, 1, 2 and so on, in this order.
pub fn run_all(jobs: usize, job: impl Fn(usize) -> u64 + Sync) -> Vec<u64> {
    let job = &job;
    let mut results = vec![0; jobs];
    for (round, places) in results.chunks_mut(10).enumerate() {
        thread::scope(|scope| {
            for (offset, place) in places.iter_mut().enumerate() {
                scope.spawn(move || *place = job(10 * round + offset));
            }
        });
    }
    results
}
