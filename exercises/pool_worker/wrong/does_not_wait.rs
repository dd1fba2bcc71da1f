//! Refused in two_and_two: a job was left
//! Hint: An empty channel is not one

use std::sync::Mutex;
use std::sync::mpsc::Receiver;

pub type Job<'a> = Box<dyn FnOnce() + Send + 'a>;

/// Does jobs until no more will come.
pub fn work(jobs: &Mutex<Receiver<Job>>) {
    loop {
        let job = jobs.lock().unwrap().try_recv();
        match job {
            Ok(job) => job(),
            Err(_) => return,
        }
    }
}
