//! A server's children, when they have ended.

use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::Pid;

/// The children that have ended by now, and how.
pub fn reap() -> Vec<(Pid, i32)> {
    let mut ended = Vec::new();
    loop {
        // No hanging: whoever lives is left alone.
        match waitpid(None, Some(WaitPidFlag::WNOHANG)) {
            Ok(WaitStatus::Exited(child, code)) => ended.push((child, code)),
            Ok(WaitStatus::Signaled(child, signal, _)) => ended.push((child, -(signal as i32))),
            // The rest are alive, or (ECHILD) there is no rest.
            Ok(_) | Err(_) => return ended,
        }
    }
}
