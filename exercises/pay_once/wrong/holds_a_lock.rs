//! Refused in side_by_side: never asked side by side
//! Hint: While one waits for the bank

use tokio::sync::Mutex;

pub struct Wallet {
    balance: Mutex<i64>,
}

impl Wallet {
    pub fn new(balance: i64) -> Self {
        Wallet { balance: Mutex::new(balance) }
    }

    /// Pays `price` if the money is there and the bank allows it. Whether it did.
    pub async fn pay(&self, price: i64, ask_bank: impl AsyncFnOnce() -> bool) -> bool {
        let mut balance = self.balance.lock().await;
        if *balance < price || !ask_bank().await {
            return false;
        }
        *balance -= price;
        true
    }

    /// What is left.
    pub async fn balance(&self) -> i64 {
        *self.balance.lock().await
    }
}
