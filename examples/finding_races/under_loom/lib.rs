//! The queue and its programs against loom's `sync`, `thread` and `cell`.

extern crate loom as std;

#[path = "../mended.rs"]
pub mod mended;
#[path = "plain.rs"]
pub mod plain;
#[path = "../programs.rs"]
pub mod programs;
#[path = "../queue.rs"]
pub mod queue;
