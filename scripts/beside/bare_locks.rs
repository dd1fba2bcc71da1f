//! A lock taken, a number raised, the lock given back, and nothing else: by
//! one thread and by two, of std and of parking_lot. Prints the steps in a
//! second of each, for scripts/bench to set beside those of `locks`.

use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Barrier, Mutex};
use std::thread;
use std::time::{Duration, Instant};

fn main() {
    let std = Mutex::new(0_u64);
    let parking_lot = parking_lot::Mutex::new(0_u64);
    for threads in [1, 2] {
        println!("{}", pace(threads, || *std.lock().unwrap() += 1));
        println!("{}", pace(threads, || *parking_lot.lock() += 1));
    }
}

/// Steps of all threads in a second.
fn pace(threads: usize, step: impl Fn() + Sync) -> f64 {
    let (over, start) = (AtomicBool::new(false), Barrier::new(threads + 1));
    let work = || {
        let mut steps = 0.0;
        start.wait();
        while !over.load(Relaxed) {
            (0..1_000).for_each(|_| step());
            steps += 1_000.0;
        }
        steps
    };
    thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        start.wait();
        let began = Instant::now();
        thread::sleep(Duration::from_millis(100));
        over.store(true, Relaxed);
        let steps: f64 = workers.into_iter().map(|worker| worker.join().unwrap()).sum();
        steps / began.elapsed().as_secs_f64()
    })
}
