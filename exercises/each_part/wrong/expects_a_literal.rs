//! Refused in formatted: panic: bad number 2
//! Hint: You have caught the panic

use std::thread;

/// What `job` returned for each of the parts, or the text of its panic.
pub fn run_parts(parts: &[u32], job: impl Fn(u32) -> u32 + Sync) -> Vec<Result<u32, String>> {
    let job = &job;
    thread::scope(|scope| {
        let start = |&part| scope.spawn(move || job(part));
        let workers: Vec<_> = parts.iter().map(start).collect();
        let ended = workers.into_iter().map(|worker| worker.join());
        let told = |result: thread::Result<u32>| {
            result.map_err(|panic| panic.downcast_ref::<&str>().unwrap().to_string())
        };
        ended.map(told).collect()
    })
}
