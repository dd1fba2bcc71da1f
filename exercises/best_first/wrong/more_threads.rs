//! Refused in one_tree: too slow
//! Hint: Somewhere a long number

use std::thread;

use num_bigint::BigUint;

const THREADS: u32 = 4;

/// The product of all numbers from `first` to `last`; 1 if there are none.
pub fn product(first: u32, last: u32) -> BigUint {
    thread::scope(|scope| {
        let deal = |thread| {
            scope.spawn(move || in_order((first + thread..=last).step_by(THREADS as usize)))
        };
        let threads: Vec<_> = (0..THREADS).map(deal).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).product()
    })
}

fn in_order(numbers: impl Iterator<Item = u32>) -> BigUint {
    numbers.fold(BigUint::from(1u32), |product, factor| product * factor)
}
