//! Refused in it_rings: went on before it rang
//! Hint: The task went on, and nobody had rung

use std::task::{Context, Poll};

pub struct Bell;

impl Bell {
    pub fn new() -> Self {
        Bell
    }

    /// Rings it, on any thread.
    pub fn ring(&self) {}

    /// Ready once it has rung.
    pub fn poll(&self, _context: &mut Context) -> Poll<()> {
        Poll::Ready(())
    }
}
