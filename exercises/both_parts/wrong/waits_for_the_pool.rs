//! Refused in beside: waits for ever
//! Hint: The job computes on another thread

use std::time::Duration;

use rayon::prelude::*;
use tokio::time;

pub struct Job {
    /// Until an answer comes, say.
    pub wait: Duration,
    /// Keeps its thread busy.
    pub compute: Box<dyn FnOnce() -> u64 + Send>,
}

/// Does all jobs. Their results, in the order of the jobs.
pub async fn run_all(jobs: Vec<Job>) -> Vec<u64> {
    // Together they take as long as the longest.
    let longest = jobs.iter().map(|job| job.wait).max().unwrap_or_default();
    time::sleep(longest).await;
    jobs.into_par_iter().map(|job| (job.compute)()).collect()
}
