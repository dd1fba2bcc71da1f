//! Refused in one_and_one: too many states
//! Hint: Going round and looking again

use std::collections::VecDeque;
use std::sync::Mutex;

pub struct Queue {
    room: usize,
    items: Mutex<VecDeque<u32>>,
}

impl Queue {
    pub fn new(room: usize) -> Self {
        Queue { room, items: Mutex::new(VecDeque::new()) }
    }

    /// Puts an item at the end, once there is room for it.
    pub fn put(&self, item: u32) {
        loop {
            let mut items = self.items.lock().unwrap();
            if items.len() < self.room {
                items.push_back(item);
                return;
            }
        }
    }

    /// Takes the first item, once there is one.
    pub fn take(&self) -> u32 {
        loop {
            if let Some(item) = self.items.lock().unwrap().pop_front() {
                return item;
            }
        }
    }
}
