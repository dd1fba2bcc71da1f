//! Refused in returns: 255
//! Hint: An exit code has eight bits

use std::panic;

use nix::libc::_exit;
use nix::sys::wait::{WaitStatus, waitpid};
use nix::unistd::{ForkResult, fork};

/// What `work` returns, from a child; nothing if it crashes or panics.
pub fn in_a_child(work: fn() -> u64) -> Option<u64> {
    // SAFETY: no other thread is running.
    match unsafe { fork() }.unwrap() {
        ForkResult::Child => match panic::catch_unwind(work) {
            // SAFETY: ends the child at once, without the parent's clean-up code.
            Ok(result) => unsafe { _exit(result as i32) },
            Err(_) => std::process::abort(),
        },
        ForkResult::Parent { child } => match waitpid(child, None) {
            Ok(WaitStatus::Exited(_, code)) => Some(code as u64),
            _ => None,
        },
    }
}
