//! Refused in past_a_third: deadlock
//! Hint: The transfer waits for an account

use std::sync::Mutex;

/// Moves `amount` from one account to another.
pub fn transfer(accounts: &[Mutex<i64>], from: usize, to: usize, amount: i64) {
    let mut all: Vec<_> = accounts.iter().map(|account| account.lock().unwrap()).collect();
    *all[from] -= amount;
    *all[to] += amount;
}
