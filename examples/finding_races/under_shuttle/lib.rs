//! The queue and its programs against shuttle's `sync` and `thread`.

extern crate shuttle as std;

#[path = "../mended.rs"]
pub mod mended;
#[path = "../plain.rs"]
pub mod plain;
#[path = "../programs.rs"]
pub mod programs;
#[path = "../queue.rs"]
pub mod queue;
