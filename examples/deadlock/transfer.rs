//! Two accounts, each behind its own lock, and a transfer that needs both.

use std::sync::Mutex;
use std::thread;

// ANCHOR: source_first
/// Locks the account it takes from, then the one it gives to.
pub fn source_first(accounts: &[Mutex<i64>], from: usize, to: usize, amount: i64) {
    let mut source = accounts[from].lock().unwrap();
    let mut target = accounts[to].lock().unwrap();
    *source -= amount;
    *target += amount;
}
// ANCHOR_END: source_first

// ANCHOR: lower_first
/// Locks the account with the lower number first, whichever way the money goes.
pub fn lower_first(accounts: &[Mutex<i64>], from: usize, to: usize, amount: i64) {
    let mut lower = accounts[from.min(to)].lock().unwrap();
    let mut higher = accounts[from.max(to)].lock().unwrap();
    let sign = if from < to { 1 } else { -1 };
    *lower -= sign * amount;
    *higher += sign * amount;
}
// ANCHOR_END: lower_first

// ANCHOR: cross
/// Two transfers at once, in opposite directions.
pub fn cross(accounts: &[Mutex<i64>], transfer: fn(&[Mutex<i64>], usize, usize, i64)) {
    thread::scope(|scope| {
        scope.spawn(|| transfer(accounts, 0, 1, 30));
        scope.spawn(|| transfer(accounts, 1, 0, 20));
    });
}
// ANCHOR_END: cross
