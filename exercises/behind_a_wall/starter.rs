//! Work that may fail, in a process of its own.

use std::cell::Cell;

use nix::libc::_exit;
use nix::sys::wait::waitpid;
use nix::unistd::{ForkResult, fork};

/// What `work` returns, from a child; nothing if it crashes or panics.
pub fn in_a_child(work: fn() -> u64) -> Option<u64> {
    let result = Cell::new(None);
    // SAFETY: no other thread is running.
    match unsafe { fork() }.unwrap() {
        ForkResult::Child => {
            result.set(Some(work()));
            // SAFETY: ends the child at once, without the parent's clean-up code.
            unsafe { _exit(0) }
        }
        ForkResult::Parent { child } => {
            waitpid(child, None).unwrap();
            result.get()
        }
    }
}
