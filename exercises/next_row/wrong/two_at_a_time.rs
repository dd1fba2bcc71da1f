//! Refused in slow_row: deadlock
//! Hint: A row waits behind the slow one

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::thread;

const CHUNK: usize = 2;

/// What `draw` made of each row, in the order of the rows.
pub fn draw_all(rows: usize, workers: usize, draw: impl Fn(usize) -> u32 + Sync) -> Vec<u32> {
    let next = AtomicUsize::new(0);
    let picture = Mutex::new(vec![0; rows]);
    thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                loop {
                    let first = next.fetch_add(CHUNK, Relaxed);
                    if first >= rows {
                        return;
                    }
                    for row in first..rows.min(first + CHUNK) {
                        let drawn = draw(row);
                        picture.lock().unwrap()[row] = drawn;
                    }
                }
            });
        }
    });
    picture.into_inner().unwrap()
}
