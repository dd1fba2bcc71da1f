//! Refused in waits: 0 to 99, after 5050 ms
//! Hint: Each wait begins

use std::time::Duration;

use tokio::task;
use tokio::time;

pub struct Job {
    /// Until an answer comes, say.
    pub wait: Duration,
    /// Keeps its thread busy.
    pub compute: Box<dyn FnOnce() -> u64 + Send>,
}

/// Does all jobs. Their results, in the order of the jobs.
pub async fn run_all(jobs: Vec<Job>) -> Vec<u64> {
    let mut results = Vec::new();
    for job in jobs {
        time::sleep(job.wait).await;
        results.push(task::spawn_blocking(job.compute).await.unwrap());
    }
    results
}
