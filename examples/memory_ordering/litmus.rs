//! Two small programs that ask what one thread sees of another's writes.

use std::sync::atomic::{AtomicU32, Ordering};

/// Two variables, and how they are written and read.
pub struct Litmus {
    pub x: AtomicU32,
    pub y: AtomicU32,
    pub write: Ordering,
    pub read: Ordering,
}

impl Litmus {
    // ANCHOR: store_buffer
    /// Raises the flag `x`, then looks at `y`.
    pub fn x_then_y(&self) -> u32 {
        self.x.store(1, self.write);
        self.y.load(self.read)
    }

    /// Raises the flag `y`, then looks at `x`.
    pub fn y_then_x(&self) -> u32 {
        self.y.store(1, self.write);
        self.x.load(self.read)
    }
    // ANCHOR_END: store_buffer

    // ANCHOR: message_passing
    /// Writes the message `x`, then raises the flag `y`.
    pub fn send(&self) {
        self.x.store(42, Ordering::Relaxed);
        self.y.store(1, self.write);
    }

    /// The message, if the flag is up.
    pub fn receive(&self) -> Option<u32> {
        let raised = self.y.load(self.read);
        (raised == 1).then(|| self.x.load(Ordering::Relaxed))
    }
    // ANCHOR_END: message_passing
}
