//! Refused in against_one: too slow
//! Hint: To lock and unlock

use std::array;
use std::sync::Mutex;
use std::thread;

const THREADS: usize = 4;

pub fn tally(text: &[u8], kind: impl Fn(u8) -> usize + Sync) -> [u64; 256] {
    let counts: [Mutex<u64>; 256] = array::from_fn(|_| Mutex::new(0));
    thread::scope(|scope| {
        for part in text.chunks(text.len().div_ceil(THREADS).max(1)) {
            let (counts, kind) = (&counts, &kind);
            scope.spawn(move || {
                for &byte in part {
                    *counts[kind(byte)].lock().unwrap() += 1;
                }
            });
        }
    });
    counts.map(|count| count.into_inner().unwrap())
}
