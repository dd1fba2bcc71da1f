//! How many divisors each number has.

/// The count for 0, 1, 2 and so on up to `limit`. Nought is given none.
pub fn divisors(limit: usize) -> Vec<u32> {
    let mut counts = vec![0; limit + 1];
    // Asked the other way round, no question has the answer no: which numbers
    // does `d` divide? Its multiples.
    for d in 1..=limit {
        for multiple in (d..=limit).step_by(d) {
            counts[multiple] += 1;
        }
    }
    counts
}
