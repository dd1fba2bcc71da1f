//! Refused in one_panics: 10; 30
//! Hint: A part that failed has a place

use std::thread;

/// What `job` returned for each of the parts, or the text of its panic.
pub fn run_parts(parts: &[u32], job: impl Fn(u32) -> u32 + Sync) -> Vec<Result<u32, String>> {
    let job = &job;
    thread::scope(|scope| {
        let start = |&part| scope.spawn(move || job(part));
        let workers: Vec<_> = parts.iter().map(start).collect();
        workers.into_iter().filter_map(|worker| worker.join().ok()).map(Ok).collect()
    })
}
