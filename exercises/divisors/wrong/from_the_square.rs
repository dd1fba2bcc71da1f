//! Refused in up_to_a_limit: wrong result
//! Hint: A sieve of primes may begin

/// The count for 0, 1, 2 and so on up to `limit`. Nought is given none.
pub fn divisors(limit: usize) -> Vec<u32> {
    let mut counts = vec![0; limit + 1];
    for d in 1..=limit {
        for multiple in (d * d..=limit).step_by(d) {
            counts[multiple] += 1;
        }
    }
    counts
}
