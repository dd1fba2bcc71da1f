//! Refused in audit: 170 counted
//! Hint: Between taking and giving

use std::sync::Mutex;

/// Moves `amount` from one account to another.
pub fn transfer(accounts: &[Mutex<i64>], from: usize, to: usize, amount: i64) {
    *accounts[from].lock().unwrap() -= amount;
    *accounts[to].lock().unwrap() += amount;
}
