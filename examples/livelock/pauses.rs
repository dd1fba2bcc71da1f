//! How many rounds to sit out after so many failures.

// ANCHOR: none
/// Polite and eager.
pub fn none(_failures: u64) -> u64 {
    0
}
// ANCHOR_END: none

// ANCHOR: same
/// Polite and patient, and everybody alike.
pub fn same(_failures: u64) -> u64 {
    1
}
// ANCHOR_END: same

// ANCHOR: own
/// Each thread has a pause of its own: its number.
pub fn own(me: usize) -> impl FnMut(u64) -> u64 {
    move |_failures| me as u64
}
// ANCHOR_END: own

// ANCHOR: random
/// By lot, from a range that doubles with every failure, up to 64.
pub fn random(mut seed: u64) -> impl FnMut(u64) -> u64 {
    move |failures| {
        // SplitMix64, by Sebastiano Vigna: the same seed draws the same lots.
        seed = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut lot = seed;
        lot = (lot ^ (lot >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        lot = (lot ^ (lot >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (lot ^ (lot >> 31)) % (1 << failures.min(6))
    }
}
// ANCHOR_END: random
