//! Refused in one_by_one: wrong result
//! Hint: Every job has one place

use std::thread;

const THREADS: usize = 4;

/// The results of `job` for 0, 1, 2 and so on, in this order.
pub fn run_all(jobs: usize, job: impl Fn(usize) -> u64 + Sync) -> Vec<u64> {
    let job = &job;
    let mut results = vec![0; jobs];
    thread::scope(|scope| {
        let share = (jobs / THREADS).max(1);
        for (part, places) in results.chunks_exact_mut(share).enumerate() {
            scope.spawn(move || {
                for (offset, place) in places.iter_mut().enumerate() {
                    *place = job(part * share + offset);
                }
            });
        }
    });
    results
}
