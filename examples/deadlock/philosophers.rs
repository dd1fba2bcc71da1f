//! Philosophers round a table, one fork between each two.

use std::hint;
use std::sync::Mutex;
use std::thread;

// ANCHOR: left_first
/// Takes the fork on the left, then the one on the right, and eats.
pub fn left_first(forks: &[Mutex<()>], seat: usize) {
    let _left = forks[seat].lock().unwrap();
    let _right = forks[(seat + 1) % forks.len()].lock().unwrap();
}
// ANCHOR_END: left_first

// ANCHOR: lower_first
/// Takes the fork with the lower number first: for the last seat, the right one.
pub fn lower_first(forks: &[Mutex<()>], seat: usize) {
    let next = (seat + 1) % forks.len();
    let _lower = forks[seat.min(next)].lock().unwrap();
    let _higher = forks[seat.max(next)].lock().unwrap();
}
// ANCHOR_END: lower_first

// ANCHOR: ask_first
/// Asks the waiter, who lets one philosopher at a time reach for forks.
pub fn ask_first(forks: &[Mutex<()>], waiter: &Mutex<()>, seat: usize) {
    let asking = waiter.lock().unwrap();
    let _left = forks[seat].lock().unwrap();
    let _right = forks[(seat + 1) % forks.len()].lock().unwrap();
    drop(asking);
}
// ANCHOR_END: ask_first

// ANCHOR: give_back
/// Finds the right fork taken, puts the left one back, and begins again.
pub fn give_back(forks: &[Mutex<()>], seat: usize) {
    loop {
        let left = forks[seat].lock().unwrap();
        if let Ok(_right) = forks[(seat + 1) % forks.len()].try_lock() {
            return;
        }
        // Taken: nothing to do but give back, and look again.
        hint::spin_loop();
        drop(left);
    }
}
// ANCHOR_END: give_back

// ANCHOR: dine
/// A philosopher for each fork.
pub fn dine(forks: &[Mutex<()>], eat: impl Fn(&[Mutex<()>], usize) + Sync) {
    let eat = &eat;
    thread::scope(|scope| {
        for seat in 0..forks.len() {
            scope.spawn(move || eat(forks, seat));
        }
    });
}
// ANCHOR_END: dine
