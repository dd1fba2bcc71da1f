//! A wallet, and a bank that takes its time.

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
        // Looked and taken without an await in between: on one thread nobody
        // comes between. What is taken is promised, and nobody else's.
        if self.balance.load(Relaxed) < price {
            return false;
        }
        self.balance.fetch_sub(price, Relaxed);
        let allowed = ask_bank().await;
        if !allowed {
            self.balance.fetch_add(price, Relaxed);
        }
        allowed
    }

    /// What is left.
    pub async fn balance(&self) -> i64 {
        self.balance.load(Relaxed)
    }
}
