//! Refused in one_by_one: wrong result
//! Hint: Who is done first

use std::sync::Mutex;
use std::thread;

const THREADS: usize = 4;

/// The results of `job` for 0, 1, 2 and so on, in this order.
pub fn run_all(jobs: usize, job: impl Fn(usize) -> u64 + Sync) -> Vec<u64> {
    let left = Mutex::new((0..jobs).collect::<Vec<_>>());
    let results = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                loop {
                    let Some(number) = left.lock().unwrap().pop() else { break };
                    let result = job(number);
                    results.lock().unwrap().push(result);
                }
            });
        }
    });
    results.into_inner().unwrap()
}
