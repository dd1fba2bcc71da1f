//! Refused in up_to_a_limit: too slow
//! Hint: The steps are the right ones

use std::collections::HashMap;

/// The count for 0, 1, 2 and so on up to `limit`. Nought is given none.
pub fn divisors(limit: usize) -> Vec<u32> {
    let mut counts = HashMap::new();
    for d in 1..=limit {
        for multiple in (d..=limit).step_by(d) {
            *counts.entry(multiple).or_insert(0) += 1;
        }
    }
    (0..=limit).map(|n| counts.get(&n).copied().unwrap_or(0)).collect()
}
