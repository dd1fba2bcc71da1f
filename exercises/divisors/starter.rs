//! How many divisors each number has.

/// The count for 0, 1, 2 and so on up to `limit`. Nought is given none.
pub fn divisors(limit: usize) -> Vec<u32> {
    (0..=limit).map(count).collect()
}

/// Every divisor up to the square root has a partner beyond it.
fn count(n: usize) -> u32 {
    let small = (1..).take_while(|d| d * d <= n).filter(|d| n.is_multiple_of(*d));
    small.map(|d| if d * d == n { 1 } else { 2 }).sum()
}
