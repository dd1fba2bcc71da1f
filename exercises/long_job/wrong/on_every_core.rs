//! Refused in beside_a_heart: waits for ever
//! Hint: The counting has left

use rayon::prelude::*;

/// The words of all lines. `count` counts those of one.
pub async fn count_words(lines: Vec<String>, count: fn(&str) -> usize) -> usize {
    lines.par_iter().map(|line| count(line)).sum()
}
