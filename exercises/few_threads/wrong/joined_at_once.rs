//! Refused in two_at_work: waits for ever
//! Hint: A thread has begun with a job

use std::thread;

const THREADS: usize = 4;

/// The results of `job` for 0, 1, 2 and so on, in this order.
pub fn run_all(jobs: usize, job: impl Fn(usize) -> u64 + Sync) -> Vec<u64> {
    let job = &job;
    let share = jobs.div_ceil(THREADS).max(1);
    thread::scope(|scope| {
        (0..jobs)
            .step_by(share)
            .map(|from| (from..jobs.min(from + share)).map(job))
            .map(|part| scope.spawn(|| part.collect::<Vec<_>>()))
            .flat_map(|worker| worker.join().unwrap())
            .collect()
    })
}
