//! Refused in to_itself: deadlock
//! Hint: Who holds a mutex

use std::sync::Mutex;

/// Moves `amount` from one account to another.
pub fn transfer(accounts: &[Mutex<i64>], from: usize, to: usize, amount: i64) {
    let mut lower = accounts[from.min(to)].lock().unwrap();
    let mut higher = accounts[from.max(to)].lock().unwrap();
    let sign = if from < to { 1 } else { -1 };
    *lower -= sign * amount;
    *higher += sign * amount;
}
