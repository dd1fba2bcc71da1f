//! Refused in slow_row: deadlock
//! Hint: A row waits behind the slow one

use std::thread;

/// What `draw` made of each row, in the order of the rows.
pub fn draw_all(rows: usize, workers: usize, draw: impl Fn(usize) -> u32 + Sync) -> Vec<u32> {
    let draw = &draw;
    let mut picture = vec![0; rows];
    thread::scope(|scope| {
        let deal = |worker| {
            scope.spawn(move || {
                (worker..rows).step_by(workers).map(|row| (row, draw(row))).collect::<Vec<_>>()
            })
        };
        let workers: Vec<_> = (0..workers).map(deal).collect();
        for worker in workers {
            for (row, drawn) in worker.join().unwrap() {
                picture[row] = drawn;
            }
        }
    });
    picture
}
