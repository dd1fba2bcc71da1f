//! Refused in against_one: one thread
//! Hint: That is quick

pub fn tally(text: &[u8], kind: impl Fn(u8) -> usize + Sync) -> [u64; 256] {
    let mut counts = [0; 256];
    for &byte in text {
        counts[kind(byte)] += 1;
    }
    counts
}
