//! Prices that take a while to work out, and are then kept.

use std::sync::Mutex;

pub struct PriceList {
    prices: Vec<Mutex<Option<u32>>>,
}

impl PriceList {
    /// A list of so many articles. No price is known yet.
    pub fn new(articles: usize) -> Self {
        PriceList { prices: (0..articles).map(|_| Mutex::new(None)).collect() }
    }

    /// The price of an article; worked out if it is not known yet.
    pub fn price(&self, article: usize, work_out: impl FnOnce() -> u32) -> u32 {
        // Held while the price is worked out, and by those alone who want this
        // one. A `OnceLock` for each article does the same.
        let mut price = self.prices[article].lock().unwrap();
        *price.get_or_insert_with(work_out)
    }
}
