//! Refused in alike: panic: index out of bounds: the len is 3 but the index is 3
//! Hint: A row is looked up

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::thread;

/// What `draw` made of each row, in the order of the rows.
pub fn draw_all(rows: usize, workers: usize, draw: impl Fn(usize) -> u32 + Sync) -> Vec<u32> {
    let next = AtomicUsize::new(0);
    let picture = Mutex::new(vec![0; rows]);
    thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                while next.load(Relaxed) < rows {
                    let row = next.fetch_add(1, Relaxed);
                    let drawn = draw(row);
                    picture.lock().unwrap()[row] = drawn;
                }
            });
        }
    });
    picture.into_inner().unwrap()
}
