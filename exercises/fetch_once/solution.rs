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
        // Held across the fetch: here that is what is wanted. Whoever comes
        // meanwhile waits at the lock, and finds the value behind it.
        let mut value = self.value.lock().await;
        match *value {
            Some(value) => value,
            None => *value.insert(fetch().await),
        }
    }
}
