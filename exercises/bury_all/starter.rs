//! A server's children, when they have ended.

use nix::sys::wait::{WaitStatus, waitpid};
use nix::unistd::Pid;

/// The children that have ended by now, and how.
pub fn reap() -> Vec<(Pid, i32)> {
    match waitpid(None, None) {
        Ok(WaitStatus::Exited(child, code)) => vec![(child, code)],
        _ => vec![],
    }
}
