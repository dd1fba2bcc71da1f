//! Refused in two: all got 7, fetched 2 times
//! Hint: Between finding nothing

use tokio::sync::Mutex;

pub struct Cache {
    value: Mutex<Option<u32>>,
}

impl Cache {
    pub fn new() -> Self {
        Cache { value: Mutex::new(None) }
    }

    /// The value; fetched if it is not here yet.
    pub async fn get(&self, fetch: impl AsyncFnOnce() -> u32) -> u32 {
        if let Some(value) = *self.value.lock().await {
            return value;
        }
        let fetched = fetch().await;
        let mut value = self.value.lock().await;
        *value.get_or_insert(fetched)
    }
}
