//! Refused in all_well: 20; 10, one by one
//! Hint: The results are in the order in which the jobs end

use std::sync::Mutex;
use std::thread;

/// What `job` returned for each of the parts, or the text of its panic.
pub fn run_parts(parts: &[u32], job: impl Fn(u32) -> u32 + Sync) -> Vec<Result<u32, String>> {
    let results = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for &part in parts {
            let (job, results) = (&job, &results);
            scope.spawn(move || results.lock().unwrap().push(Ok(job(part))));
        }
    });
    results.into_inner().unwrap()
}
