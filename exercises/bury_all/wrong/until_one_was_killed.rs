//! Refused in three_ended: zombies: 1
//! Hint: Two of the three are buried

use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::Pid;

/// The children that have ended by now, and how.
pub fn reap() -> Vec<(Pid, i32)> {
    let mut ended = Vec::new();
    while let Ok(WaitStatus::Exited(child, code)) = waitpid(None, Some(WaitPidFlag::WNOHANG)) {
        ended.push((child, code));
    }
    ended
}
