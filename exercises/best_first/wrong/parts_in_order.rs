//! Refused in one_tree: too slow
//! Hint: Somewhere a long number

use std::thread;

use num_bigint::BigUint;

/// So many numbers make a short product.
const PART: u32 = 10;

/// The product of all numbers from `first` to `last`; 1 if there are none.
pub fn product(first: u32, last: u32) -> BigUint {
    let middle = first.midpoint(last);
    thread::scope(|scope| {
        let lower = scope.spawn(|| in_parts(first, middle));
        let upper = in_parts(middle + 1, last);
        lower.join().unwrap() * upper
    })
}

fn in_parts(first: u32, last: u32) -> BigUint {
    let parts = (first..=last)
        .step_by(PART as usize)
        .map(|part| (part..=last.min(part + PART - 1)).map(BigUint::from).product::<BigUint>());
    parts.fold(BigUint::from(1u32), |product, part| product * part)
}
