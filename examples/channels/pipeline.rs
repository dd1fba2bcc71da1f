//! How a channel ends, and how two of them can hold each other up.

use std::sync::mpsc::{self, Receiver, SyncSender};
use std::thread;

// ANCHOR: forgotten
/// Two send one message each. The receiver takes what comes until no sender
/// is left, and it has one itself.
pub fn forgotten() -> Vec<u32> {
    let (sender, receiver) = mpsc::channel();
    thread::scope(|scope| {
        for number in 1..=2 {
            let sender = sender.clone();
            scope.spawn(move || sender.send(number).unwrap());
        }
        receiver.iter().collect()
    })
}
// ANCHOR_END: forgotten

// ANCHOR: dropped
/// The same, and the receiver's own sender is dropped before it receives.
pub fn dropped() -> Vec<u32> {
    let (sender, receiver) = mpsc::channel();
    thread::scope(|scope| {
        for number in 1..=2 {
            let sender = sender.clone();
            scope.spawn(move || sender.send(number).unwrap());
        }
        drop(sender);
        receiver.iter().collect()
    })
}
// ANCHOR_END: dropped

// ANCHOR: squares
/// Takes jobs and gives back their squares, as long as there are any.
fn worker(jobs: Receiver<u32>, results: SyncSender<u32>) {
    for job in &jobs {
        results.send(job * job).unwrap();
    }
}

/// Hands in all jobs, then collects the results.
pub fn hand_in_first(count: u32) -> Vec<u32> {
    let (jobs, jobs_in) = mpsc::sync_channel(1);
    let (results, results_in) = mpsc::sync_channel(1);
    thread::scope(|scope| {
        scope.spawn(move || worker(jobs_in, results));
        for job in 1..=count {
            jobs.send(job).unwrap();
        }
        drop(jobs);
        results_in.iter().collect()
    })
}
// ANCHOR_END: squares

// ANCHOR: meanwhile
/// Collects the results while another thread hands in the jobs.
pub fn meanwhile(count: u32) -> Vec<u32> {
    let (jobs, jobs_in) = mpsc::sync_channel(1);
    let (results, results_in) = mpsc::sync_channel(1);
    thread::scope(|scope| {
        scope.spawn(move || worker(jobs_in, results));
        scope.spawn(move || {
            for job in 1..=count {
                jobs.send(job).unwrap();
            }
        });
        results_in.iter().collect()
    })
}
// ANCHOR_END: meanwhile
