//! Jobs that wait and then compute.

use std::time::Duration;

use tokio::sync::oneshot;
use tokio::time;

pub struct Job {
    /// Until an answer comes, say.
    pub wait: Duration,
    /// Keeps its thread busy.
    pub compute: Box<dyn FnOnce() -> u64 + Send>,
}

/// Does all jobs. Their results, in the order of the jobs.
pub async fn run_all(jobs: Vec<Job>) -> Vec<u64> {
    // A task for each to wait in; all of them before the first is awaited.
    let tasks: Vec<_> = jobs.into_iter().map(|job| tokio::spawn(run(job))).collect();
    let mut results = Vec::new();
    for task in tasks {
        results.push(task.await.unwrap());
    }
    results
}

async fn run(job: Job) -> u64 {
    time::sleep(job.wait).await;
    // A pool with a thread for each core to compute on.
    let (send, receive) = oneshot::channel();
    rayon::spawn(move || _ = send.send((job.compute)()));
    receive.await.unwrap()
}
