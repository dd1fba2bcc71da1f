//! Refused in two_orders: never each in its place, computed at once
//! Hint: While a price is computed

use std::sync::Mutex;

/// Computes a price and enters it in the ledger. The number of the entry.
pub fn enter(ledger: &Mutex<Vec<u64>>, price: impl FnOnce() -> u64) -> usize {
    let mut ledger = ledger.lock().unwrap();
    ledger.push(price());
    let number = ledger.len() - 1;
    drop(ledger);
    number
}
