//! Refused in one_lives: waits for ever
//! Hint: One child lives

use nix::sys::wait::{WaitStatus, waitpid};
use nix::unistd::Pid;

/// The children that have ended by now, and how.
pub fn reap() -> Vec<(Pid, i32)> {
    let mut ended = Vec::new();
    loop {
        match waitpid(None, None) {
            Ok(WaitStatus::Exited(child, code)) => ended.push((child, code)),
            Ok(WaitStatus::Signaled(child, signal, _)) => ended.push((child, -(signal as i32))),
            _ => return ended,
        }
    }
}
