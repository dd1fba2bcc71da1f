//! Refused in one_article: deadlock
//! Hint: A thread waits for a lock that it holds itself

use std::sync::RwLock;

pub struct PriceList {
    prices: RwLock<Vec<Option<u32>>>,
}

impl PriceList {
    /// A list of so many articles. No price is known yet.
    pub fn new(articles: usize) -> Self {
        PriceList { prices: RwLock::new(vec![None; articles]) }
    }

    /// The price of an article; worked out if it is not known yet.
    pub fn price(&self, article: usize, work_out: impl FnOnce() -> u32) -> u32 {
        match self.prices.read().unwrap()[article] {
            Some(price) => price,
            None => *self.prices.write().unwrap()[article].get_or_insert_with(work_out),
        }
    }
}
