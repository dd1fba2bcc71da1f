//! Refused in three_ended: 7, 0
//! Hint: Three had ended

use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::Pid;

/// The children that have ended by now, and how.
pub fn reap() -> Vec<(Pid, i32)> {
    let mut ended = Vec::new();
    while let Ok(status) = waitpid(None, Some(WaitPidFlag::WNOHANG)) {
        match status {
            WaitStatus::Exited(child, code) => ended.push((child, code)),
            WaitStatus::StillAlive => break,
            _ => {}
        }
    }
    ended
}
