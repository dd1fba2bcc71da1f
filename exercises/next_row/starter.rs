//! The rows of a picture, drawn by a few threads.

use std::thread;

/// What `draw` made of each row, in the order of the rows.
pub fn draw_all(rows: usize, workers: usize, draw: impl Fn(usize) -> u32 + Sync) -> Vec<u32> {
    let draw = &draw;
    let share = rows.div_ceil(workers);
    let mut picture = vec![0; rows];
    thread::scope(|scope| {
        for (worker, places) in picture.chunks_mut(share).enumerate() {
            scope.spawn(move || {
                for (offset, place) in places.iter_mut().enumerate() {
                    *place = draw(worker * share + offset);
                }
            });
        }
    });
    picture
}
