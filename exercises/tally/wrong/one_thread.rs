//! Refused in against_one: one thread
//! Hint: That is quick

pub fn tally(text: &[u8]) -> [u64; 256] {
    let mut counts = [0; 256];
    for &byte in text {
        counts[usize::from(byte)] += 1;
    }
    counts
}
