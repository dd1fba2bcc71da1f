//! Refused in two_and_two: too many states
//! Hint: A worker that asks again

use std::sync::Mutex;
use std::sync::mpsc::{Receiver, TryRecvError};

pub type Job<'a> = Box<dyn FnOnce() + Send + 'a>;

/// Does jobs until no more will come.
pub fn work(jobs: &Mutex<Receiver<Job>>) {
    loop {
        let job = jobs.lock().unwrap().try_recv();
        match job {
            Ok(job) => job(),
            Err(TryRecvError::Empty) => {}
            Err(TryRecvError::Disconnected) => return,
        }
    }
}
