//! Refused in alike: never 1 2 3, two at once
//! Hint: One thread has to wait

use std::sync::Mutex;
use std::thread;

/// What `draw` made of each row, in the order of the rows.
pub fn draw_all(rows: usize, workers: usize, draw: impl Fn(usize) -> u32 + Sync) -> Vec<u32> {
    let picture = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                loop {
                    let mut picture = picture.lock().unwrap();
                    if picture.len() == rows {
                        return;
                    }
                    let row = picture.len();
                    picture.push(draw(row));
                }
            });
        }
    });
    picture.into_inner().unwrap()
}
