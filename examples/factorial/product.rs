//! The factorial of a number, in two orders of multiplication, and two
//! questions to ask a number that is too long to print.

use num_bigint::BigUint;

// ANCHOR: in_order
/// Multiplies by one factor after the other, as the definition has it.
pub fn in_order(n: u32) -> BigUint {
    (1..=n).fold(BigUint::from(1u32), |product, factor| product * factor)
}
// ANCHOR_END: in_order

// ANCHOR: product_tree
/// Multiplies the two halves of the factors, each in the same way.
pub fn product_tree(n: u32) -> BigUint {
    product_of(1, n)
}

fn product_of(first: u32, last: u32) -> BigUint {
    if first >= last {
        return last.max(1).into();
    }
    let middle = first.midpoint(last);
    product_of(first, middle) * product_of(middle + 1, last)
}
// ANCHOR_END: product_tree

// ANCHOR: digits
/// How many decimal digits it has. Its bits say so, give or take one digit,
/// and one comparison settles it.
pub fn digits(number: &BigUint) -> u32 {
    let fewest = (number.bits().saturating_sub(1) as f64 * f64::log10(2.0)) as u32 + 1;
    fewest + u32::from(*number >= BigUint::from(10u32).pow(fewest))
}

/// How many zeros it ends in, if they are fewer than `most`: only its last
/// `most` digits are printed.
pub fn zeros(number: &BigUint, most: u32) -> usize {
    let end = (number % BigUint::from(10u32).pow(most)).to_string();
    end.len() - end.trim_end_matches('0').len()
}
// ANCHOR_END: digits

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_orders_give_the_factorial() {
        for (n, factorial) in
            [(0, "1"), (1, "1"), (2, "2"), (5, "120"), (20, "2432902008176640000")]
        {
            assert_eq!(in_order(n).to_string(), factorial);
            assert_eq!(product_tree(n).to_string(), factorial);
        }
        assert_eq!(in_order(1000), product_tree(1000));
    }

    #[test]
    fn digits_and_zeros_are_those_that_are_printed() {
        let powers = (0..40u32).map(|n| BigUint::from(10u32).pow(n));
        let below = (1..40u32).map(|n| BigUint::from(10u32).pow(n) - 1u32);
        for number in powers.chain(below).chain([1, 2, 3, 25, 1000].map(in_order)) {
            let printed = number.to_string();
            assert_eq!(digits(&number) as usize, printed.len(), "{printed}");
            let zeros_printed = printed.len() - printed.trim_end_matches('0').len();
            assert_eq!(zeros(&number, 300), zeros_printed, "{printed}");
        }
    }
}
