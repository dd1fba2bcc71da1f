//! Refused in two: they meet for ever
//! Hint: They fail together

/// How many rounds to sit out after so many failures in a row. `lot(n)` draws
/// one of 0, 1, … n - 1.
pub fn pause(failures: u32, _lot: &mut impl FnMut(u32) -> u32) -> u32 {
    2_u32.saturating_pow(failures).min(1024)
}
