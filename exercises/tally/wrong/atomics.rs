//! Refused in against_one: too slow
//! Hint: An atomic addition

use std::array;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::thread;

const THREADS: usize = 4;

pub fn tally(text: &[u8], kind: impl Fn(u8) -> usize + Sync) -> [u64; 256] {
    let counts: [AtomicU64; 256] = array::from_fn(|_| AtomicU64::new(0));
    thread::scope(|scope| {
        for part in text.chunks(text.len().div_ceil(THREADS).max(1)) {
            let (counts, kind) = (&counts, &kind);
            scope.spawn(move || {
                for &byte in part {
                    counts[kind(byte)].fetch_add(1, Relaxed);
                }
            });
        }
    });
    counts.map(AtomicU64::into_inner)
}
