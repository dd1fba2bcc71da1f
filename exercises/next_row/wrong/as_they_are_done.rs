//! Refused in alike: 1 3 2, one by one
//! Hint: The rows have to be in their order

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::thread;

/// What `draw` made of each row, in the order of the rows.
pub fn draw_all(rows: usize, workers: usize, draw: impl Fn(usize) -> u32 + Sync) -> Vec<u32> {
    let next = AtomicUsize::new(0);
    let picture = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                loop {
                    let row = next.fetch_add(1, Relaxed);
                    if row >= rows {
                        return;
                    }
                    let drawn = draw(row);
                    picture.lock().unwrap().push(drawn);
                }
            });
        }
    });
    picture.into_inner().unwrap()
}
