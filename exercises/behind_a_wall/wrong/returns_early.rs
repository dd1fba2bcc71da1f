//! Refused in crashes: nothing, and a zombie
//! Hint: There is no result, and so

use std::io::{self, Read, Write};
use std::panic::catch_unwind;

use nix::libc::_exit;
use nix::sys::wait::waitpid;
use nix::unistd::{ForkResult, fork};

/// What `work` returns, from a child; nothing if it crashes or panics.
pub fn in_a_child(work: fn() -> u64) -> Option<u64> {
    let (mut reader, mut writer) = io::pipe().unwrap();
    // SAFETY: no other thread is running.
    match unsafe { fork() }.unwrap() {
        ForkResult::Child => {
            if let Ok(result) = catch_unwind(work) {
                let _ = writer.write_all(&result.to_le_bytes());
            }
            // SAFETY: ends the child at once, without the parent's clean-up code.
            unsafe { _exit(0) }
        }
        ForkResult::Parent { child } => {
            drop(writer);
            let mut result = [0; 8];
            reader.read_exact(&mut result).ok()?;
            waitpid(child, None).unwrap();
            Some(u64::from_le_bytes(result))
        }
    }
}
