//! Refused in one_article: worked out 2 times
//! Hint: Between finding no price

use std::sync::Mutex;

pub struct PriceList {
    prices: Mutex<Vec<Option<u32>>>,
}

impl PriceList {
    /// A list of so many articles. No price is known yet.
    pub fn new(articles: usize) -> Self {
        PriceList { prices: Mutex::new(vec![None; articles]) }
    }

    /// The price of an article; worked out if it is not known yet.
    pub fn price(&self, article: usize, work_out: impl FnOnce() -> u32) -> u32 {
        let known = self.prices.lock().unwrap()[article];
        if let Some(price) = known {
            return price;
        }
        let price = work_out();
        self.prices.lock().unwrap()[article] = Some(price);
        price
    }
}
