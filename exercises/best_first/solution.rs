//! A product of many numbers, on two threads.

use std::thread;

use num_bigint::BigUint;

/// The product of all numbers from `first` to `last`; 1 if there are none.
pub fn product(first: u32, last: u32) -> BigUint {
    let middle = first.midpoint(last);
    thread::scope(|scope| {
        // Divided between threads once, at the top; each half is a tree.
        let lower = scope.spawn(|| tree(first, middle));
        let upper = tree(middle + 1, last);
        lower.join().unwrap() * upper
    })
}

fn tree(first: u32, last: u32) -> BigUint {
    if first >= last {
        return if first == last { first.into() } else { 1u32.into() };
    }
    let middle = first.midpoint(last);
    tree(first, middle) * tree(middle + 1, last)
}
