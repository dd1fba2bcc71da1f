//! Refused in alike: panic: a row is drawn a second time
//! Hint: Between the look at which row

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
                    let row = next.load(Relaxed);
                    next.store(row + 1, Relaxed);
                    if row < rows {
                        let drawn = draw(row);
                        picture.lock().unwrap()[row] = drawn;
                    }
                }
            });
        }
    });
    picture.into_inner().unwrap()
}
