//! Refused in three_ended: zombies: 2
//! Hint: Somebody is still a zombie

use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::Pid;

/// The children that have ended by now, and how.
pub fn reap() -> Vec<(Pid, i32)> {
    match waitpid(None, Some(WaitPidFlag::WNOHANG)) {
        Ok(WaitStatus::Exited(child, code)) => vec![(child, code)],
        Ok(WaitStatus::Signaled(child, signal, _)) => vec![(child, -(signal as i32))],
        _ => vec![],
    }
}
