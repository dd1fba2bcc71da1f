//! Refused in three_ended: 7, 137, 0
//! Hint: 137 is what a shell

use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::Pid;

/// The children that have ended by now, and how.
pub fn reap() -> Vec<(Pid, i32)> {
    let mut ended = Vec::new();
    loop {
        match waitpid(None, Some(WaitPidFlag::WNOHANG)) {
            Ok(WaitStatus::Exited(child, code)) => ended.push((child, code)),
            Ok(WaitStatus::Signaled(child, signal, _)) => ended.push((child, 128 + signal as i32)),
            _ => return ended,
        }
    }
}
