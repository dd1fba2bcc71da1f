//! Refused in one_by_one: wrong result
//! Hint: Who is done first

use std::sync::Mutex;
use std::thread;

const THREADS: usize = 4;

/// The results of `job` for 0, 1, 2 and so on, in this order.
pub fn run_all(jobs: usize, job: impl Fn(usize) -> u64 + Sync) -> Vec<u64> {
    let job = &job;
    let results = &Mutex::new(Vec::new());
    thread::scope(|scope| {
        for first in 0..THREADS {
            scope.spawn(move || {
                for number in (first..jobs).step_by(THREADS) {
                    let result = job(number);
                    results.lock().unwrap().push(result);
                }
            });
        }
    });
    results.lock().unwrap().clone()
}
