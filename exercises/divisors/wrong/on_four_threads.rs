//! Refused in up_to_a_limit: too slow
//! Hint: Four threads make the same

use std::thread;

/// The count for 0, 1, 2 and so on up to `limit`. Nought is given none.
pub fn divisors(limit: usize) -> Vec<u32> {
    let mut counts = vec![0; limit + 1];
    let share = counts.len().div_ceil(4);
    thread::scope(|scope| {
        for (part, places) in counts.chunks_mut(share).enumerate() {
            scope.spawn(move || {
                for (offset, place) in places.iter_mut().enumerate() {
                    *place = count(part * share + offset);
                }
            });
        }
    });
    counts
}

/// Every divisor up to the square root has a partner beyond it.
fn count(n: usize) -> u32 {
    let small = (1..).take_while(|d| d * d <= n).filter(|d| n.is_multiple_of(*d));
    small.map(|d| if d * d == n { 1 } else { 2 }).sum()
}
