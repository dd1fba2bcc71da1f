//! Refused in two: they wait too long on average: 359 rounds, where 20 are enough
//! Hint: Two would soon

/// How many rounds to sit out after so many failures in a row. `lot(n)` draws
/// one of 0, 1, … n - 1.
pub fn pause(failures: u32, lot: &mut impl FnMut(u32) -> u32) -> u32 {
    2_u32.saturating_pow(failures).min(512) + lot(512)
}
