//! What each worker of a pool does.

use std::sync::Mutex;
use std::sync::mpsc::Receiver;

pub type Job<'a> = Box<dyn FnOnce() + Send + 'a>;

/// Does jobs until no more will come.
pub fn work(jobs: &Mutex<Receiver<Job>>) {
    loop {
        // The guard is a temporary value of this statement, and ends with it.
        // In `while let` it would live until the end of the body.
        let job = jobs.lock().unwrap().recv();
        match job {
            Ok(job) => job(),
            Err(_) => return,
        }
    }
}
