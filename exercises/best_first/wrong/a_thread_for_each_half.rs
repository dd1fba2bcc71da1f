//! Refused in one_tree: too slow
//! Hint: To multiply two numbers of a few digits

use std::thread;

use num_bigint::BigUint;

/// The product of all numbers from `first` to `last`; 1 if there are none.
pub fn product(first: u32, last: u32) -> BigUint {
    // So few are not worth a thread.
    if last < first + 16 {
        return (first..=last).map(BigUint::from).product();
    }
    let middle = first.midpoint(last);
    thread::scope(|scope| {
        let lower = scope.spawn(|| product(first, middle));
        let upper = product(middle + 1, last);
        lower.join().unwrap() * upper
    })
}
