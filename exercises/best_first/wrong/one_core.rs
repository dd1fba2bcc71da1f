//! Refused in one_tree: one thread
//! Hint: That is the better algorithm

use num_bigint::BigUint;

/// The product of all numbers from `first` to `last`; 1 if there are none.
pub fn product(first: u32, last: u32) -> BigUint {
    if first >= last {
        return if first == last { first.into() } else { 1u32.into() };
    }
    let middle = first.midpoint(last);
    product(first, middle) * product(middle + 1, last)
}
