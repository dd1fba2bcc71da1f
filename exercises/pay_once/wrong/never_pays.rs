//! Refused in enough_for_one: paid 0, asked 0, left 10
//! Hint: The money was there for one of the two

pub struct Wallet {
    balance: i64,
}

impl Wallet {
    pub fn new(balance: i64) -> Self {
        Wallet { balance }
    }

    /// Pays `price` if the money is there and the bank allows it. Whether it did.
    pub async fn pay(&self, _price: i64, _ask_bank: impl AsyncFnOnce() -> bool) -> bool {
        false
    }

    /// What is left.
    pub async fn balance(&self) -> i64 {
        self.balance
    }
}
