//! Refused in computes: waits for ever
//! Hint: The second begins

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
    let start = |wait| tokio::spawn(time::sleep(wait));
    let waits: Vec<_> = jobs.iter().map(|job| start(job.wait)).collect();
    let mut results = Vec::new();
    for (wait, job) in waits.into_iter().zip(jobs) {
        wait.await.unwrap();
        results.push(task::spawn_blocking(job.compute).await.unwrap());
    }
    results
}
