//! Threads that take jobs from one queue.

use std::mem;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};

use crate::executor::Executor;
use crate::future::{Future, Promise, promise};
use crate::job::{Job, attempt};

// ANCHOR: pool
pub struct ThreadPool {
    jobs: Option<Sender<(Job, Promise)>>,
    workers: Vec<JoinHandle<()>>,
}

impl ThreadPool {
    pub fn new(workers: usize) -> ThreadPool {
        let (jobs, queue) = channel();
        let queue = Arc::new(Mutex::new(queue));
        let worker = |_| {
            let queue = Arc::clone(&queue);
            thread::spawn(move || work(&queue))
        };
        ThreadPool { jobs: Some(jobs), workers: (0..workers).map(worker).collect() }
    }
}

/// The life of a worker: one job after another, until nobody can submit any more.
fn work(queue: &Mutex<Receiver<(Job, Promise)>>) {
    while let Some((job, promise)) = next(queue) {
        promise.settle(attempt(job));
    }
}
// ANCHOR_END: pool

// ANCHOR: next
/// One worker waits at the queue, with the lock, and the others for the lock.
/// It is free again before the job is begun.
pub fn next(queue: &Mutex<Receiver<(Job, Promise)>>) -> Option<(Job, Promise)> {
    queue.lock().unwrap().recv().ok()
}
// ANCHOR_END: next

// ANCHOR: submit
impl Executor for ThreadPool {
    fn submit(&self, job: Job) -> Future {
        let (promise, future) = promise();
        let jobs = self.jobs.as_ref().expect("it is there until the pool is dropped");
        // If nobody is left to take it, the promise comes back and is dropped.
        let _ = jobs.send((job, promise));
        future
    }
}

/// Closes the queue, and waits until it is empty and the workers have ended.
impl Drop for ThreadPool {
    fn drop(&mut self) {
        drop(self.jobs.take());
        for worker in mem::take(&mut self.workers) {
            let _ = worker.join();
        }
    }
}
// ANCHOR_END: submit
