//! Refused in there_and_back: 100, 100
//! Hint: Both transfers have come back

use std::sync::Mutex;

/// Moves `amount` from one account to another.
pub fn transfer(_accounts: &[Mutex<i64>], _from: usize, _to: usize, _amount: i64) {}
