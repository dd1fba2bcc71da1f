//! Refused in two_and_two: never both at once
//! Hint: While one worker does a job

use std::sync::Mutex;
use std::sync::mpsc::Receiver;

pub type Job<'a> = Box<dyn FnOnce() + Send + 'a>;

/// Does jobs until no more will come.
pub fn work(jobs: &Mutex<Receiver<Job>>) {
    loop {
        match jobs.lock().unwrap().recv() {
            Ok(job) => job(),
            Err(_) => return,
        }
    }
}
