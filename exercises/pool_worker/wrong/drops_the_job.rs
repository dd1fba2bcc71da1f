//! Refused in two_and_two: a job was left
//! Hint: A job is done when

use std::sync::Mutex;
use std::sync::mpsc::Receiver;

pub type Job<'a> = Box<dyn FnOnce() + Send + 'a>;

/// Does jobs until no more will come.
pub fn work(jobs: &Mutex<Receiver<Job>>) {
    while let Ok(_job) = jobs.lock().unwrap().recv() {}
}
