//! Refused in alike: three at once
//! Hint: That is a thread for each row

use std::thread;

/// What `draw` made of each row, in the order of the rows.
pub fn draw_all(rows: usize, workers: usize, draw: impl Fn(usize) -> u32 + Sync) -> Vec<u32> {
    let draw = &draw;
    let _ = workers;
    thread::scope(|scope| {
        let start = |row| scope.spawn(move || draw(row));
        let rows: Vec<_> = (0..rows).map(start).collect();
        rows.into_iter().map(|row| row.join().unwrap()).collect()
    })
}
