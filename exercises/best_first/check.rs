//! The product of sixty thousand numbers, against a product tree on one thread.

use std::hint::black_box;

use exercise::{Case, Check, Hint, Race};
use num_bigint::BigUint;

use super::answer::product;

/// Some milliseconds for the tree, and many times that in order.
const LAST: u32 = 60_001;

pub const CHECK: Check = Check {
    starter: ("one_tree", "too slow"),
    cases: &[Case::Timed(Race {
        name: "one_tree",
        title: "one thread's product tree",
        right,
        answer: || _ = black_box(product(1, LAST)),
        other: || _ = black_box(tree(1, LAST)),
        most: 2.0,
        // One half of the tree and the last multiplication are less.
        most_by_caller: 0.9,
        hints: &[
            Hint::on(
                "one thread",
                "That is the better algorithm, on one core. Which two products does the topmost \
                 multiplication wait for, and who could compute each?",
            ),
            Hint::on(
                "wrong result",
                "Every number from the first to the last is a factor once, both ends included. \
                 Look at ranges of one number, of two, and of none.",
            ),
            Hint::on(
                "too slow",
                "To multiply two numbers of a few digits takes nanoseconds, to start a thread ten \
                 microseconds. How many threads are started here, and for how much work each?",
            )
            .when("spawn(|| product("),
            Hint::on(
                "too slow",
                "Somewhere a long number is multiplied by a short one again and again, or is \
                 copied, and each time all of it is gone through. Which order of multiplying keeps \
                 both factors about equally long, in each thread and for what the threads give?",
            ),
        ],
    })],
    without: &[],
};

fn right() -> Result<(), String> {
    for (first, last) in [(1, LAST), (1, 1), (7, 7), (7, 8), (7, 9), (8, 7)] {
        let (product, wanted) = (product(first, last), tree(first, last));
        if product != wanted {
            let numbers = format!("the product of the numbers from {first} to {last}");
            return Err(match last {
                LAST => format!("it is not {numbers}"),
                _ => format!("{numbers} is {wanted}, and not {product}"),
            });
        }
    }
    Ok(())
}

fn tree(first: u32, last: u32) -> BigUint {
    match first.cmp(&last) {
        std::cmp::Ordering::Greater => 1u32.into(),
        std::cmp::Ordering::Equal => first.into(),
        std::cmp::Ordering::Less => {
            let middle = first.midpoint(last);
            tree(first, middle) * tree(middle + 1, last)
        }
    }
}
