//! Refused in waits: in another order, after 100 ms
//! Hint: The results come as

use std::time::Duration;

use tokio::task::{self, JoinSet};
use tokio::time;

pub struct Job {
    /// Until an answer comes, say.
    pub wait: Duration,
    /// Keeps its thread busy.
    pub compute: Box<dyn FnOnce() -> u64 + Send>,
}

/// Does all jobs. Their results, in the order of the jobs.
pub async fn run_all(jobs: Vec<Job>) -> Vec<u64> {
    let mut tasks = JoinSet::new();
    for job in jobs {
        tasks.spawn(async move {
            time::sleep(job.wait).await;
            task::spawn_blocking(job.compute).await.unwrap()
        });
    }
    tasks.join_all().await
}
