//! Memory that is neither atomic nor locked.

use core::cell::UnsafeCell;

// ANCHOR: plain
/// A value that any thread may read and write, and nobody orders it.
pub struct Plain<T>(UnsafeCell<T>);

// SAFETY: there is none. Two threads that meet here have a data race. This is
// the mistake that is to be found.
unsafe impl<T: Send> Sync for Plain<T> {}

impl<T: Copy> Plain<T> {
    /// Plain memory that holds `value`.
    pub fn new(value: T) -> Plain<T> {
        Plain(UnsafeCell::new(value))
    }

    /// What is there now.
    pub fn get(&self) -> T {
        // SAFETY: as above.
        unsafe { *self.0.get() }
    }

    /// Puts `value` there.
    pub fn set(&self, value: T) {
        // SAFETY: as above.
        unsafe { *self.0.get() = value }
    }
}
// ANCHOR_END: plain
