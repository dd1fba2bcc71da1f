//! A job for each part, on a thread each.

use std::any::Any;
use std::thread;

/// What `job` returned for each of the parts, or the text of its panic.
pub fn run_parts(parts: &[u32], job: impl Fn(u32) -> u32 + Sync) -> Vec<Result<u32, String>> {
    let job = &job;
    thread::scope(|scope| {
        let start = |&part| scope.spawn(move || job(part));
        // Collected, so that all are started before the first is waited for.
        let workers: Vec<_> = parts.iter().map(start).collect();
        workers.into_iter().map(|worker| worker.join().map_err(text)).collect()
    })
}

/// What was given to `panic!`.
fn text(panic: Box<dyn Any + Send>) -> String {
    match panic.downcast::<String>() {
        Ok(formatted) => *formatted,
        Err(panic) => panic.downcast::<&str>().map_or("no text".into(), |text| text.to_string()),
    }
}
