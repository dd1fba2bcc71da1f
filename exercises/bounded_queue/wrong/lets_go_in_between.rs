//! Refused in two_take: panic: an item
//! Hint: Between the check and the step

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex};

pub struct Queue {
    room: usize,
    items: Mutex<VecDeque<u32>>,
    not_full: Condvar,
    not_empty: Condvar,
}

impl Queue {
    pub fn new(room: usize) -> Self {
        let items = Mutex::new(VecDeque::new());
        Queue { room, items, not_full: Condvar::new(), not_empty: Condvar::new() }
    }

    /// Puts an item at the end, once there is room for it.
    pub fn put(&self, item: u32) {
        let mut items = self.items.lock().unwrap();
        while items.len() == self.room {
            items = self.not_full.wait(items).unwrap();
        }
        items.push_back(item);
        self.not_empty.notify_one();
    }

    /// Takes the first item, once there is one.
    pub fn take(&self) -> u32 {
        let mut items = self.items.lock().unwrap();
        while items.is_empty() {
            items = self.not_empty.wait(items).unwrap();
        }
        drop(items);
        let item = self.items.lock().unwrap().pop_front().expect("an item");
        self.not_full.notify_one();
        item
    }
}
