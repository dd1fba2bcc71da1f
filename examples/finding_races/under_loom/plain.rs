//! Plain memory that loom watches: it must be told when an access begins and
//! ends.

use std::cell::UnsafeCell;

// ANCHOR: plain
/// A value that any thread may read and write, and nobody orders it.
pub struct Plain<T>(UnsafeCell<T>);

// SAFETY: there is none, and loom is there to say so.
unsafe impl<T: Send> Sync for Plain<T> {}

impl<T: Copy> Plain<T> {
    /// Plain memory that holds `value`.
    pub fn new(value: T) -> Plain<T> {
        Plain(UnsafeCell::new(value))
    }

    /// What is there now.
    pub fn get(&self) -> T {
        // SAFETY: loom panics before two threads meet here.
        self.0.with(|value| unsafe { *value })
    }

    /// Puts `value` there.
    pub fn set(&self, value: T) {
        // SAFETY: as above.
        self.0.with_mut(|place| unsafe { *place = value })
    }
}
// ANCHOR_END: plain
