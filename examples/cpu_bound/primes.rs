//! Counting primes: work that never waits.

// ANCHOR: trial_division
/// Tries every odd divisor up to the square root.
pub fn is_prime(n: u64) -> bool {
    match n {
        0 | 1 => false,
        2 => true,
        _ if n % 2 == 0 => false,
        _ => (3..).step_by(2).take_while(|d| d * d <= n).all(|d| n % d != 0),
    }
}

/// How many primes there are up to `limit`.
pub fn by_trial_division(limit: u64) -> usize {
    (0..=limit).filter(|&n| is_prime(n)).count()
}
// ANCHOR_END: trial_division

// ANCHOR: sieve
/// The same count by Eratosthenes: strike out the multiples of every prime.
pub fn by_sieve(limit: u64) -> usize {
    let mut composite = vec![false; limit as usize + 1];
    let mut primes = 0;
    for n in 2..composite.len() {
        if composite[n] {
            continue;
        }
        primes += 1;
        for multiple in (n * n..composite.len()).step_by(n) {
            composite[multiple] = true;
        }
    }
    primes
}
// ANCHOR_END: sieve
