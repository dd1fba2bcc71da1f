//! How often each article was sold: one tally for all tills, in seven ways.

use std::hint;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Mutex, RwLock};

/// What there is to sell.
pub const ARTICLES: usize = 64;

/// Sales of each article.
pub type Counts = [u64; ARTICLES];

/// What a till does. `hold` is how long it thinks about it, with whatever lock
/// it needs in hand.
pub trait Till {
    /// One more of `article`.
    fn sell(&mut self, article: usize, hold: u64);
    /// How many of `article` have been sold.
    fn look(&self, article: usize, hold: u64) -> u64;
    /// The day is over.
    fn close(self);
}

// ANCHOR: mutex
impl Till for &Mutex<Counts> {
    fn sell(&mut self, article: usize, hold: u64) {
        let mut counts = self.lock().unwrap();
        think(hold);
        counts[article] += 1;
    }

    fn look(&self, article: usize, hold: u64) -> u64 {
        let counts = self.lock().unwrap();
        think(hold);
        counts[article]
    }

    fn close(self) {}
}
// ANCHOR_END: mutex

// ANCHOR: rwlock
impl Till for &RwLock<Counts> {
    fn sell(&mut self, article: usize, hold: u64) {
        let mut counts = self.write().unwrap();
        think(hold);
        counts[article] += 1;
    }

    fn look(&self, article: usize, hold: u64) -> u64 {
        let counts = self.read().unwrap();
        think(hold);
        counts[article]
    }

    fn close(self) {}
}
// ANCHOR_END: rwlock

impl Till for &parking_lot::Mutex<Counts> {
    fn sell(&mut self, article: usize, hold: u64) {
        let mut counts = self.lock();
        think(hold);
        counts[article] += 1;
    }

    fn look(&self, article: usize, hold: u64) -> u64 {
        let counts = self.lock();
        think(hold);
        counts[article]
    }

    fn close(self) {}
}

impl Till for &parking_lot::RwLock<Counts> {
    fn sell(&mut self, article: usize, hold: u64) {
        let mut counts = self.write();
        think(hold);
        counts[article] += 1;
    }

    fn look(&self, article: usize, hold: u64) -> u64 {
        let counts = self.read();
        think(hold);
        counts[article]
    }

    fn close(self) {}
}

// ANCHOR: atomics
/// No lock at all, and so nothing to hold while it thinks. Relaxed: each count
/// stands for itself, and whoever adds them up has joined the tills first.
impl Till for &[AtomicU64; ARTICLES] {
    fn sell(&mut self, article: usize, hold: u64) {
        think(hold);
        self[article].fetch_add(1, Relaxed);
    }

    fn look(&self, article: usize, hold: u64) -> u64 {
        think(hold);
        self[article].load(Relaxed)
    }

    fn close(self) {}
}
// ANCHOR_END: atomics

// ANCHOR: sharded
/// One sixteenth of the articles, in cache lines of its own.
#[derive(Default)]
#[repr(align(128))]
pub struct Shard(Mutex<[u64; ARTICLES / 16]>);

/// A lock for each shard.
impl Till for &[Shard; 16] {
    fn sell(&mut self, article: usize, hold: u64) {
        let mut counts = self[article % 16].0.lock().unwrap();
        think(hold);
        counts[article / 16] += 1;
    }

    fn look(&self, article: usize, hold: u64) -> u64 {
        let counts = self[article % 16].0.lock().unwrap();
        think(hold);
        counts[article / 16]
    }

    fn close(self) {}
}
// ANCHOR_END: sharded

// ANCHOR: own
/// A tally for each till, added to everybody's when it closes. Until then a
/// till sees what it has sold itself, and nothing else.
pub struct Own<'a> {
    /// What this till has sold.
    pub mine: Counts,
    /// What all have sold that are closed.
    pub all: &'a Mutex<Counts>,
}

impl Till for Own<'_> {
    fn sell(&mut self, article: usize, hold: u64) {
        think(hold);
        self.mine[article] += 1;
    }

    fn look(&self, article: usize, hold: u64) -> u64 {
        think(hold);
        self.mine[article]
    }

    fn close(self) {
        let mut all = self.all.lock().unwrap();
        for (all, mine) in all.iter_mut().zip(self.mine) {
            *all += mine;
        }
    }
}
// ANCHOR_END: own

/// What all shards hold.
pub fn counts_of(shards: [Shard; 16]) -> Counts {
    let shards = shards.map(|shard| shard.0.into_inner().unwrap());
    std::array::from_fn(|article| shards[article % 16][article / 16])
}

/// So many rounds of arithmetic.
fn think(rounds: u64) {
    let mut thought = 0;
    for round in 0..rounds {
        thought = hint::black_box(thought + round);
    }
}
