//! A job of which a part cannot be divided.

use std::ops::Range;
use std::thread;

// ANCHOR: work
/// A checksum over some numbers. It takes as long for any numbers as for any
/// other as many, and the checksums of parts add up to that of the whole.
pub fn work(numbers: Range<u64>) -> u64 {
    numbers.fold(0, |sum, n| {
        let mut mixed = n.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        mixed = (mixed ^ mixed >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
        sum.wrapping_add(mixed ^ mixed >> 31)
    })
}
// ANCHOR_END: work

// ANCHOR: job
/// The first `serial` numbers are one thread's alone, and the others wait for
/// it. The rest is divided among `threads`, of which the caller is one.
pub fn job(numbers: u64, serial: u64, threads: u64) -> u64 {
    let first = work(0..serial);
    let edge = |n| serial + (numbers - serial) * n / threads;
    let rest = thread::scope(|scope| {
        let others: Vec<_> =
            (1..threads).map(|n| scope.spawn(move || work(edge(n)..edge(n + 1)))).collect();
        let own = work(edge(0)..edge(1));
        others.into_iter().map(|other| other.join().unwrap()).fold(own, u64::wrapping_add)
    });
    first.wrapping_add(rest)
}
// ANCHOR_END: job

// ANCHOR: side_by_side
/// The whole job as often as there are threads, each alone with one.
pub fn side_by_side(numbers: u64, threads: u64) -> u64 {
    thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(move || work(0..numbers))).collect();
        let own = work(0..numbers);
        others.into_iter().map(|other| other.join().unwrap()).fold(own, u64::wrapping_add)
    })
}
// ANCHOR_END: side_by_side

// ANCHOR: law
/// How many times as fast `cores` can be, if a share of the job is for one.
pub fn law(serial_share: f64, cores: f64) -> f64 {
    1.0 / (serial_share + (1.0 - serial_share) / cores)
}
// ANCHOR_END: law
