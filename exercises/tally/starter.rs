//! How many bytes of each kind a text has, counted by four threads.

use std::sync::Mutex;
use std::thread;

const THREADS: usize = 4;

/// How many bytes of each kind `text` has.
pub fn tally(text: &[u8], kind: impl Fn(u8) -> usize + Sync) -> [u64; 256] {
    let counts = Mutex::new([0; 256]);
    thread::scope(|scope| {
        for part in text.chunks(text.len().div_ceil(THREADS).max(1)) {
            let (counts, kind) = (&counts, &kind);
            scope.spawn(move || {
                for &byte in part {
                    counts.lock().unwrap()[kind(byte)] += 1;
                }
            });
        }
    });
    counts.into_inner().unwrap()
}
