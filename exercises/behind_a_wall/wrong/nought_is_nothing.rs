//! Refused in nought: nothing
//! Hint: Any number may be a result

use std::panic::catch_unwind;
use std::ptr;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use nix::libc::{self, _exit};
use nix::sys::wait::waitpid;
use nix::unistd::{ForkResult, fork};

/// What `work` returns, from a child; nothing if it crashes or panics.
pub fn in_a_child(work: fn() -> u64) -> Option<u64> {
    let access = libc::PROT_READ | libc::PROT_WRITE;
    let kind = libc::MAP_SHARED | libc::MAP_ANONYMOUS;
    // SAFETY: new memory of the system's choice, zeroed, shared with the child.
    let shared =
        unsafe { &*libc::mmap(ptr::null_mut(), 8, access, kind, -1, 0).cast::<AtomicU64>() };
    // SAFETY: no other thread is running.
    match unsafe { fork() }.unwrap() {
        ForkResult::Child => {
            if let Ok(result) = catch_unwind(work) {
                shared.store(result, Relaxed);
            }
            // SAFETY: ends the child at once, without the parent's clean-up code.
            unsafe { _exit(0) }
        }
        ForkResult::Parent { child } => {
            waitpid(child, None).unwrap();
            Some(shared.load(Relaxed)).filter(|result| *result > 0)
        }
    }
}
