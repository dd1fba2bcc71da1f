//! Refused in audit: 0
//! Hint: The auditor has read an entry

use std::sync::Mutex;

/// Computes a price and enters it in the ledger. The number of the entry.
pub fn enter(ledger: &Mutex<Vec<u64>>, price: impl FnOnce() -> u64) -> usize {
    let number = {
        let mut ledger = ledger.lock().unwrap();
        ledger.push(0);
        ledger.len() - 1
    };
    let price = price();
    ledger.lock().unwrap()[number] = price;
    number
}
