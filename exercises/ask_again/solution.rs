//! When to ask again.

const MOST: u32 = 1024;

/// How many rounds to sit out after so many failures in a row. `lot(n)` draws
/// one of 0, 1, … n - 1.
pub fn pause(failures: u32, lot: &mut impl FnMut(u32) -> u32) -> u32 {
    // The range doubles: short while few compete, and long enough for many.
    lot(2_u32.saturating_pow(failures).min(MOST))
}
