//! So many meals for everybody, in turn and all at once.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use crate::philosophers::dine;

fn table(seats: usize) -> Vec<Mutex<()>> {
    (0..seats).map(|_| Mutex::new(())).collect()
}

/// One philosopher after the other eats so many meals: nobody can be in the way.
pub fn one_by_one(seats: usize, meals: u64, eat: impl Fn(&[Mutex<()>], usize)) -> u64 {
    let forks = table(seats);
    (0..seats).for_each(|seat| (0..meals).for_each(|_| eat(&forks, seat)));
    seats as u64 * meals
}

/// All of them at once. Returns how many meals were eaten.
pub fn together(seats: usize, meals: u64, eat: impl Fn(&[Mutex<()>], usize) + Sync) -> u64 {
    // A tally, read after all threads have been joined.
    let eaten = AtomicU64::new(0);
    dine(&table(seats), |forks, seat| {
        (0..meals).for_each(|_| eat(forks, seat));
        eaten.fetch_add(meals, Relaxed);
    });
    eaten.into_inner()
}
