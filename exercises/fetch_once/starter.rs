//! A cache of one value.

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
        let value = fetch().await;
        *self.value.lock().await = Some(value);
        value
    }
}
