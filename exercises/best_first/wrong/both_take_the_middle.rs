//! Refused in one_tree: wrong result
//! Hint: Every number from the first

use std::thread;

use num_bigint::BigUint;

/// The product of all numbers from `first` to `last`; 1 if there are none.
pub fn product(first: u32, last: u32) -> BigUint {
    let middle = first.midpoint(last);
    thread::scope(|scope| {
        let lower = scope.spawn(|| tree(first, middle));
        let upper = tree(middle, last);
        lower.join().unwrap() * upper
    })
}

fn tree(first: u32, last: u32) -> BigUint {
    if first >= last {
        return last.into();
    }
    let middle = first.midpoint(last);
    tree(first, middle) * tree(middle + 1, last)
}
