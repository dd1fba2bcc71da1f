//! Refused in bank_says_no: not paid, left 0
//! Hint: The money was promised

use std::sync::atomic::{AtomicI64, Ordering::Relaxed};

pub struct Wallet {
    balance: AtomicI64,
}

impl Wallet {
    pub fn new(balance: i64) -> Self {
        Wallet { balance: AtomicI64::new(balance) }
    }

    /// Pays `price` if the money is there and the bank allows it. Whether it did.
    pub async fn pay(&self, price: i64, ask_bank: impl AsyncFnOnce() -> bool) -> bool {
        if self.balance.load(Relaxed) < price {
            return false;
        }
        self.balance.fetch_sub(price, Relaxed);
        ask_bank().await
    }

    /// What is left.
    pub async fn balance(&self) -> i64 {
        self.balance.load(Relaxed)
    }
}
