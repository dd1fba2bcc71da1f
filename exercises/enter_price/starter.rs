//! A ledger that is shared by threads.

use std::sync::Mutex;

/// Computes a price and enters it in the ledger. The number of the entry.
pub fn enter(ledger: &Mutex<Vec<u64>>, price: impl FnOnce() -> u64) -> usize {
    let mut ledger = ledger.lock().unwrap();
    ledger.push(price());
    ledger.len() - 1
}
