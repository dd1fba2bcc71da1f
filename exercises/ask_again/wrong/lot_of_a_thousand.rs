//! Refused in two: they wait too long on average: 635 rounds, where 20 are enough
//! Hint: Two would soon

/// How many rounds to sit out after so many failures in a row. `lot(n)` draws
/// one of 0, 1, … n - 1.
pub fn pause(_failures: u32, lot: &mut impl FnMut(u32) -> u32) -> u32 {
    lot(1024)
}
