//! Refused in four_at_work: waits for ever
//! Hint: Some of the threads

use std::thread;

const THREADS: usize = 4;

pub fn tally(text: &[u8], kind: impl Fn(u8) -> usize + Sync) -> [u64; 256] {
    let mut counts = [0; 256];
    thread::scope(|scope| {
        for part in text.chunks(text.len().div_ceil(THREADS).max(1)) {
            let kind = &kind;
            let counted = scope.spawn(move || {
                let mut own = [0; 256];
                for &byte in part {
                    own[kind(byte)] += 1;
                }
                own
            });
            for (count, own) in counts.iter_mut().zip(counted.join().unwrap()) {
                *count += own;
            }
        }
    });
    counts
}
