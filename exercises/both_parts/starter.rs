//! Jobs that wait and then compute.

use std::time::Duration;

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
        results.push((job.compute)());
    }
    results
}
