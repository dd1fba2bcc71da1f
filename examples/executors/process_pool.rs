//! Processes that are given jobs, each by a thread of ours that waits for it.

use std::mem;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};

use crate::executor::Executor;
use crate::future::{Failure, Future, Outcome, Promise, promise};
use crate::job::{Job, outcome_from_bytes};
use crate::thread_pool::next;
use crate::worker::Worker;

// ANCHOR: pool
pub struct ProcessPool {
    jobs: Option<Sender<(Job, Promise)>>,
    keepers: Vec<JoinHandle<()>>,
}

impl ProcessPool {
    pub fn new(workers: usize) -> ProcessPool {
        let (jobs, queue) = channel();
        let queue = Arc::new(Mutex::new(queue));
        let keeper = |_| {
            let queue = Arc::clone(&queue);
            thread::spawn(move || keep(&queue))
        };
        ProcessPool { jobs: Some(jobs), keepers: (0..workers).map(keeper).collect() }
    }
}

/// Keeps one worker: hands it one job after another, and waits for its end.
fn keep(queue: &Mutex<Receiver<(Job, Promise)>>) {
    let mut worker = Worker::start().ok();
    while let Some((job, promise)) = next(queue) {
        promise.settle(ask(&mut worker, job));
    }
}
// ANCHOR_END: pool

// ANCHOR: ask
/// Has a job done by the worker, or by a new one if there is none any more.
fn ask(worker: &mut Option<Worker>, job: Job) -> Outcome {
    let mut ready = match worker.take() {
        Some(ready) => ready,
        None => Worker::start().map_err(|error| Failure::Lost(error.to_string()))?,
    };
    match ready.ask(&job.to_bytes()) {
        Ok(answer) => {
            *worker = Some(ready);
            outcome_from_bytes(&answer)
        }
        // It has closed its end of the pipe, by ending. It is not asked again.
        Err(_) => Err(Failure::Lost(ready.end())),
    }
}
// ANCHOR_END: ask

// ANCHOR: submit
impl Executor for ProcessPool {
    fn submit(&self, job: Job) -> Future {
        let (promise, future) = promise();
        let jobs = self.jobs.as_ref().expect("it is there until the pool is dropped");
        let _ = jobs.send((job, promise));
        future
    }
}

/// Closes the queue, and waits until it is empty and the workers have ended.
impl Drop for ProcessPool {
    fn drop(&mut self) {
        drop(self.jobs.take());
        for keeper in mem::take(&mut self.keepers) {
            let _ = keeper.join();
        }
    }
}
// ANCHOR_END: submit
