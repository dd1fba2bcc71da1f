//! The queue and its programs against the explorer's `std`.

#[macro_use]
extern crate interleave as std;

#[path = "../mended.rs"]
pub mod mended;
#[path = "../plain.rs"]
pub mod plain;
#[path = "../programs.rs"]
pub mod programs;
#[path = "../queue.rs"]
pub mod queue;
