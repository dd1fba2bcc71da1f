//! Many accounts, each behind its own lock.

use std::sync::Mutex;

/// Moves `amount` from one account to another.
pub fn transfer(accounts: &[Mutex<i64>], from: usize, to: usize, amount: i64) {
    let mut source = accounts[from].lock().unwrap();
    let mut target = accounts[to].lock().unwrap();
    *source -= amount;
    *target += amount;
}
