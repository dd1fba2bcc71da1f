//! A deadlock on purpose, in a process that ends by being told to.

use std::sync::{Arc, Barrier, Mutex, mpsc};
use std::thread;

use crate::ledger::{Circle, Ledger};

// ANCHOR: take_both
/// Takes its own lock, waits until everybody holds one, and then wants the next.
fn take_both(locks: &[Mutex<()>], thread: usize, all_hold_one: &Barrier, ledger: &Ledger) {
    let next = (thread + 1) % locks.len();

    ledger.wants(thread, thread);
    let _own = locks[thread].lock().unwrap();
    ledger.holds(thread);

    all_hold_one.wait();

    ledger.wants(thread, next);
    let _next = locks[next].lock().unwrap();
    ledger.holds(thread);
}
// ANCHOR_END: take_both

// ANCHOR: watch
/// Lets a circle of threads come about, and returns it once it is complete.
/// The threads are left as they are: nothing but the end of the process frees them.
pub fn deadlock(threads: usize) -> Option<Circle> {
    let (watchdog, circles) = mpsc::channel();
    let locks: Arc<[Mutex<()>]> = (0..threads).map(|_| Mutex::new(())).collect();
    let shared = Arc::new((Barrier::new(threads), Ledger::new(threads, watchdog)));
    for thread in 0..threads {
        let (locks, shared) = (locks.clone(), shared.clone());
        thread::spawn(move || take_both(&locks, thread, &shared.0, &shared.1));
    }
    drop(shared);
    // If all threads end, the ledger goes, and with it the sender.
    circles.recv().ok()
}
// ANCHOR_END: watch
