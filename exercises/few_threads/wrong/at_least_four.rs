//! Refused in one_by_one: panic: chunk size must be non-zero
//! Hint: There may be fewer jobs

use std::thread;

const THREADS: usize = 4;

/// The results of `job` for 0, 1, 2 and so on, in this order.
pub fn run_all(jobs: usize, job: impl Fn(usize) -> u64 + Sync) -> Vec<u64> {
    let job = &job;
    let mut results = vec![0; jobs];
    thread::scope(|scope| {
        let share = jobs / THREADS;
        for (part, places) in results.chunks_mut(share).enumerate() {
            scope.spawn(move || {
                for (offset, place) in places.iter_mut().enumerate() {
                    *place = job(part * share + offset);
                }
            });
        }
    });
    results
}
