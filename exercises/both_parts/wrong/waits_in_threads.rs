//! Refused in waits: 0 to 99, after 0 ms
//! Hint: By the runtime

use std::time::Duration;

use tokio::task;

pub struct Job {
    /// Until an answer comes, say.
    pub wait: Duration,
    /// Keeps its thread busy.
    pub compute: Box<dyn FnOnce() -> u64 + Send>,
}

/// Does all jobs. Their results, in the order of the jobs.
pub async fn run_all(jobs: Vec<Job>) -> Vec<u64> {
    let start = |job: Job| {
        task::spawn_blocking(move || {
            std::thread::sleep(job.wait);
            (job.compute)()
        })
    };
    let tasks: Vec<_> = jobs.into_iter().map(start).collect();
    let mut results = Vec::new();
    for task in tasks {
        results.push(task.await.unwrap());
    }
    results
}
