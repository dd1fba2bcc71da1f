//! Refused in full: did not wait
//! Hint: Nobody had come

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex};

pub struct Queue {
    items: Mutex<VecDeque<u32>>,
    changed: Condvar,
}

impl Queue {
    pub fn new(_room: usize) -> Self {
        let items = Mutex::new(VecDeque::new());
        Queue { items, changed: Condvar::new() }
    }

    /// Puts an item at the end, once there is room for it.
    pub fn put(&self, item: u32) {
        let mut items = self.items.lock().unwrap();
        items.push_back(item);
        self.changed.notify_one();
    }

    /// Takes the first item, once there is one.
    pub fn take(&self) -> u32 {
        let mut items = self.items.lock().unwrap();
        while items.is_empty() {
            items = self.changed.wait(items).unwrap();
        }
        let item = items.pop_front().expect("an item");
        self.changed.notify_one();
        item
    }
}
