//! A product of many numbers, on two threads.

use std::thread;

use num_bigint::BigUint;

/// The product of all numbers from `first` to `last`; 1 if there are none.
pub fn product(first: u32, last: u32) -> BigUint {
    let middle = first.midpoint(last);
    thread::scope(|scope| {
        let lower = scope.spawn(|| in_order(first, middle));
        let upper = in_order(middle + 1, last);
        lower.join().unwrap() * upper
    })
}

fn in_order(first: u32, last: u32) -> BigUint {
    (first..=last).fold(BigUint::from(1u32), |product, factor| product * factor)
}
