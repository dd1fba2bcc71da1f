//! The same day at each of the seven ways to share a tally.

use std::array;
use std::panic;
use std::sync::atomic::AtomicU64;
use std::sync::{Mutex, RwLock};

use locks::day::{Day, Receipts};
use locks::tally::{ARTICLES, Counts, Own, Shard, counts_of};
use taking_turns::{Quantity, Trial};

pub const MUTEX: &str = "Mutex";
pub const RW_LOCK: &str = "RwLock";
pub const MUTEX_PL: &str = "parking_lot Mutex";
pub const RW_LOCK_PL: &str = "parking_lot RwLock";
pub const ATOMICS: &str = "atomics";
pub const SHARDED: &str = "sharded";
pub const OWN: &str = "own, merged";

/// Counts that differ from what the receipts say.
pub const WRONG: Quantity = Quantity::count("wrong counts");

/// The pace at each. Notes how many counts are wrong in the end.
pub fn day_at_each(trial: &mut Trial, day: Day) -> [(&'static str, f64); 7] {
    let mut with = |variant, run: &dyn Fn() -> (Receipts, Counts)| {
        let ((receipts, counts), _) = trial.time(variant, run);
        let wrong = (0..ARTICLES).filter(|&article| counts[article] != receipts.sold[article]);
        trial.record(WRONG, variant, wrong.count() as f64);
        (variant, receipts.pace)
    };
    const NONE: Counts = [0; ARTICLES];
    [
        with(MUTEX, &|| {
            let tally = Mutex::new(NONE);
            (day.run(|| &tally), tally.into_inner().unwrap())
        }),
        with(MUTEX_PL, &|| {
            let tally = parking_lot::Mutex::new(NONE);
            (day.run(|| &tally), tally.into_inner())
        }),
        with(RW_LOCK, &|| {
            let tally = RwLock::new(NONE);
            (day.run(|| &tally), tally.into_inner().unwrap())
        }),
        with(RW_LOCK_PL, &|| {
            let tally = parking_lot::RwLock::new(NONE);
            (day.run(|| &tally), tally.into_inner())
        }),
        with(ATOMICS, &|| {
            let tally: [_; ARTICLES] = array::from_fn(|_| AtomicU64::new(0));
            (day.run(|| &tally), tally.map(AtomicU64::into_inner))
        }),
        with(SHARDED, &|| {
            let shards: [Shard; 16] = Default::default();
            (day.run(|| &shards), counts_of(shards))
        }),
        with(OWN, &|| {
            let all = Mutex::new(NONE);
            (day.run(|| Own { mine: NONE, all: &all }), all.into_inner().unwrap())
        }),
    ]
}

/// The default hook prints every panic, and these are part of the experiment.
pub fn quietly<T>(work: impl FnOnce() -> T) -> T {
    let hook = panic::take_hook();
    panic::set_hook(Box::new(|_| {}));
    let result = work();
    panic::set_hook(hook);
    result
}
