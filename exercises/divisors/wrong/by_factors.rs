//! Refused in up_to_a_limit: too slow
//! Hint: Count the divisions

/// The count for 0, 1, 2 and so on up to `limit`. Nought is given none.
pub fn divisors(limit: usize) -> Vec<u32> {
    (0..=limit).map(count).collect()
}

/// Each prime factor that occurs k times can be taken 0 to k times.
fn count(mut n: usize) -> u32 {
    if n == 0 {
        return 0;
    }
    let mut ways = 1;
    let mut prime = 2;
    while prime * prime <= n {
        let mut times = 0;
        while n.is_multiple_of(prime) {
            n /= prime;
            times += 1;
        }
        ways *= times + 1;
        prime += 1;
    }
    if n > 1 { 2 * ways } else { ways }
}
