//! Refused in one_by_one: too slow
//! Hint: Is any job done twice

use std::thread;

/// The results of `job` for 0, 1, 2 and so on, in this order.
pub fn run_all(jobs: usize, job: impl Fn(usize) -> u64 + Sync) -> Vec<u64> {
    let job = &job;
    let mut results = vec![0; jobs];
    thread::scope(|scope| {
        let workers = [(); 4].map(|()| scope.spawn(|| (0..jobs).map(job).collect()));
        for worker in workers {
            results = worker.join().unwrap();
        }
    });
    results
}
