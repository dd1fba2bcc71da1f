//! Refused in there_and_back: livelock
//! Hint: They no longer wait

use std::sync::Mutex;

/// Moves `amount` from one account to another.
pub fn transfer(accounts: &[Mutex<i64>], from: usize, to: usize, amount: i64) {
    loop {
        let mut source = accounts[from].lock().unwrap();
        if let Ok(mut target) = accounts[to].try_lock() {
            *source -= amount;
            *target += amount;
            return;
        }
        std::hint::spin_loop();
    }
}
