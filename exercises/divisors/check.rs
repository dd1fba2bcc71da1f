//! All numbers up to a hundred thousand, against a sieve.

use std::hint::black_box;

use exercise::{Case, Check, Hint, Race};

use super::answer::divisors;

/// By trial division, a few ten million divisions.
const LIMIT: usize = 100_000;

pub const CHECK: Check = Check {
    starter: ("up_to_a_limit", "too slow"),
    cases: &[Case::Timed(Race {
        name: "up_to_a_limit",
        title: "our own way",
        right,
        answer: || _ = black_box(divisors(black_box(LIMIT))),
        other: || _ = black_box(ours(black_box(LIMIT))),
        most: 2.0,
        // One thread may do it all.
        most_by_caller: f64::INFINITY,
        hints: &[
            Hint::on(
                "wrong result",
                "A sieve of primes may begin at the square, because all before it has been struck \
                 out. Which divisors are missed that way?",
            )
            .when("d * d"),
            Hint::on(
                "wrong result",
                "Nought has none here, one has one, and a square an odd number.",
            ),
            Hint::on(
                "too slow",
                "Four threads make the same divisions as one. They would be done sooner on four \
                 cores; the work is as much as before. Which of it need not be done at all?",
            )
            .when("spawn"),
            Hint::on(
                "too slow",
                "The steps are the right ones, and each of them hashes a number. Where else could \
                 one keep a count for every number from nought to a limit?",
            )
            .when("HashMap"),
            Hint::on(
                "too slow",
                "Count the divisions that leave a remainder: nearly all of them do. The sieve in \
                 the chapter divides nothing. What does it do for each prime, and what would it \
                 be here?",
            ),
        ],
    })],
    without: &[],
};

fn right() -> Result<(), String> {
    let (theirs, ours) = (divisors(LIMIT), ours(LIMIT));
    if theirs.len() != ours.len() {
        return Err(format!("there are {} counts, and not {}", theirs.len(), ours.len()));
    }
    match (0..=LIMIT).find(|&n| theirs[n] != ours[n]) {
        Some(n) => Err(format!("{n} has {} divisors, and not {}", ours[n], theirs[n])),
        None => Ok(()),
    }
}

fn ours(limit: usize) -> Vec<u32> {
    let mut counts = vec![0; limit + 1];
    for divisor in 1..=limit {
        for multiple in (divisor..=limit).step_by(divisor) {
            counts[multiple] += 1;
        }
    }
    counts
}
