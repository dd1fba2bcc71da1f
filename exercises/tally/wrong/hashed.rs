//! Refused in against_one: too slow
//! Hint: A hash map computes

use std::collections::HashMap;
use std::sync::Mutex;
use std::thread;

const THREADS: usize = 4;

pub fn tally(text: &[u8], kind: impl Fn(u8) -> usize + Sync) -> [u64; 256] {
    let counts = Mutex::new([0; 256]);
    thread::scope(|scope| {
        for part in text.chunks(text.len().div_ceil(THREADS).max(1)) {
            let (counts, kind) = (&counts, &kind);
            scope.spawn(move || {
                let mut own = HashMap::new();
                for &byte in part {
                    *own.entry(kind(byte)).or_insert(0) += 1;
                }
                let mut counts = counts.lock().unwrap();
                for (kind, own) in own {
                    counts[kind] += own;
                }
            });
        }
    });
    counts.into_inner().unwrap()
}
