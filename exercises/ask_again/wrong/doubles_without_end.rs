//! Refused in gone: somebody sits out more than 1024 rounds: 1279, after 11 failures
//! Hint: What grows with each failure

/// How many rounds to sit out after so many failures in a row. `lot(n)` draws
/// one of 0, 1, … n - 1.
pub fn pause(failures: u32, lot: &mut impl FnMut(u32) -> u32) -> u32 {
    lot(2_u32.saturating_pow(failures))
}
