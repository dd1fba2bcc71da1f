//! A tally shared in seven ways, what a panic under a lock leaves behind, and
//! three ways to hold a lock wrongly.

/// Only the explorer runs these: some of them never end.
pub mod cache;
pub mod day;
pub mod poison;
pub mod tally;
