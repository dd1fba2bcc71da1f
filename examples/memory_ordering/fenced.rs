//! The store buffer with a fence between the write and the read.

use std::sync::atomic::Ordering::{Relaxed, SeqCst};
use std::sync::atomic::{AtomicU32, fence};

// ANCHOR: fence
/// Raises one's own flag, and looks at the other's after a fence.
pub fn raise_then_look(mine: &AtomicU32, other: &AtomicU32) -> u32 {
    mine.store(1, Relaxed);
    fence(SeqCst);
    other.load(Relaxed)
}
// ANCHOR_END: fence
