//! Prices that take a while to work out, and are then kept.

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
        let mut prices = self.prices.lock().unwrap();
        *prices[article].get_or_insert_with(work_out)
    }
}
