//! Philosophers round a table, one fork between each two.

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

// ANCHOR: dine
/// A philosopher for each fork eats once.
pub fn dine(forks: &[Mutex<()>], eat: fn(&[Mutex<()>], usize)) {
    thread::scope(|scope| {
        for seat in 0..forks.len() {
            scope.spawn(move || eat(forks, seat));
        }
    });
}
// ANCHOR_END: dine
