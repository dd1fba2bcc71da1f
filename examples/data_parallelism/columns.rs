//! A table of numbers, each column of which is summarised by itself, and takes
//! as long as any other.

/// Numbers in a column.
pub const ROWS: usize = 50_000;

// ANCHOR: summary
/// Smallest, quartiles and largest: what `describe` says of a column in pandas.
pub fn summary(column: &[f64]) -> [f64; 5] {
    let mut sorted = column.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    [0, 1, 2, 3, 4].map(|quarter| sorted[(sorted.len() - 1) * quarter / 4])
}
// ANCHOR_END: summary

/// A column of numbers from 0 to 1 in no order, the same on every machine:
/// SplitMix64, by Guy Steele and others (2014).
pub fn column(number: usize) -> Vec<f64> {
    let mut state = number as u64;
    let mut next = || {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64
    };
    (0..ROWS).map(|_| next()).collect()
}
