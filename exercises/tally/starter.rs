//! How often each byte occurs, counted by four threads.

use std::sync::Mutex;
use std::thread;

const THREADS: usize = 4;

/// How often each byte occurs in `text`.
pub fn tally(text: &[u8]) -> [u64; 256] {
    let counts = Mutex::new([0; 256]);
    thread::scope(|scope| {
        for part in text.chunks(text.len().div_ceil(THREADS).max(1)) {
            let counts = &counts;
            scope.spawn(move || {
                for &byte in part {
                    counts.lock().unwrap()[usize::from(byte)] += 1;
                }
            });
        }
    });
    counts.into_inner().unwrap()
}
