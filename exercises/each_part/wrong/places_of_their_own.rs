//! Refused in one_panics: panic: bad number
//! Hint: The panic has reached the caller

use std::thread;

/// What `job` returned for each of the parts, or the text of its panic.
pub fn run_parts(parts: &[u32], job: impl Fn(u32) -> u32 + Sync) -> Vec<Result<u32, String>> {
    let mut results = vec![Err("failed".to_owned()); parts.len()];
    thread::scope(|scope| {
        for (&part, result) in parts.iter().zip(&mut results) {
            let job = &job;
            scope.spawn(move || *result = Ok(job(part)));
        }
    });
    results
}
