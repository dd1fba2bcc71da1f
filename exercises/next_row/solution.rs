//! The rows of a picture, drawn by a few threads.

use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::thread;

/// What `draw` made of each row, in the order of the rows.
pub fn draw_all(rows: usize, workers: usize, draw: impl Fn(usize) -> u32 + Sync) -> Vec<u32> {
    // Looked at and moved on in one step: no row goes to two threads. Relaxed:
    // it hands out numbers and nothing else; joining hands back the results.
    let next = AtomicUsize::new(0);
    let work = || {
        let mut drawn = Vec::new();
        loop {
            let row = next.fetch_add(1, Relaxed);
            if row >= rows {
                return drawn;
            }
            drawn.push((row, draw(row)));
        }
    };
    let mut picture = vec![0; rows];
    thread::scope(|scope| {
        let workers: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
        for (row, drawn) in workers.into_iter().flat_map(|worker| worker.join().unwrap()) {
            picture[row] = drawn;
        }
    });
    picture
}
