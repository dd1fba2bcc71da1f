//! Refused in two_orders: the wrong number
//! Hint: Between two locks

use std::sync::Mutex;

/// Computes a price and enters it in the ledger. The number of the entry.
pub fn enter(ledger: &Mutex<Vec<u64>>, price: impl FnOnce() -> u64) -> usize {
    let number = ledger.lock().unwrap().len();
    let price = price();
    ledger.lock().unwrap().push(price);
    number
}
