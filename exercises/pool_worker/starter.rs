//! What each worker of a pool does.

use std::sync::Mutex;
use std::sync::mpsc::Receiver;

pub type Job<'a> = Box<dyn FnOnce() + Send + 'a>;

/// Does jobs until no more will come.
pub fn work(jobs: &Mutex<Receiver<Job>>) {
    while let Ok(job) = jobs.lock().unwrap().recv() {
        job();
    }
}
