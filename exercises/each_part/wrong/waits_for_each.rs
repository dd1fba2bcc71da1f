//! Refused in all_well: never 10; 20, side by side
//! Hint: The second job begins

use std::any::Any;
use std::thread;

/// What `job` returned for each of the parts, or the text of its panic.
pub fn run_parts(parts: &[u32], job: impl Fn(u32) -> u32 + Sync) -> Vec<Result<u32, String>> {
    let job = &job;
    thread::scope(|scope| {
        let workers = parts.iter().map(|&part| scope.spawn(move || job(part)));
        workers.map(|worker| worker.join().map_err(text)).collect()
    })
}

fn text(panic: Box<dyn Any + Send>) -> String {
    match panic.downcast::<String>() {
        Ok(formatted) => *formatted,
        Err(panic) => panic.downcast::<&str>().map_or("no text".into(), |text| text.to_string()),
    }
}
