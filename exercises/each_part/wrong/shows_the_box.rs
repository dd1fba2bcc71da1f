//! Refused in one_panics: 10; failed: Any { .. }; 30
//! Hint: The `Err` of `join` is a box

use std::thread;

/// What `job` returned for each of the parts, or the text of its panic.
pub fn run_parts(parts: &[u32], job: impl Fn(u32) -> u32 + Sync) -> Vec<Result<u32, String>> {
    let job = &job;
    thread::scope(|scope| {
        let start = |&part| scope.spawn(move || job(part));
        let workers: Vec<_> = parts.iter().map(start).collect();
        let joined = workers.into_iter().map(|worker| worker.join());
        joined.map(|result| result.map_err(|panic| format!("{panic:?}"))).collect()
    })
}
