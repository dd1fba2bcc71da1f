//! When to ask again.

/// How many rounds to sit out after so many failures in a row. `lot(n)` draws
/// one of 0, 1, … n - 1.
pub fn pause(_failures: u32, _lot: &mut impl FnMut(u32) -> u32) -> u32 {
    1
}
