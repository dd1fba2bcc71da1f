//! Work that may fail, in a process of its own.

use std::io::{self, Read, Write};
use std::panic;

use nix::libc::_exit;
use nix::sys::wait::waitpid;
use nix::unistd::{ForkResult, fork};

/// What `work` returns, from a child; nothing if it crashes or panics.
pub fn in_a_child(work: fn() -> u64) -> Option<u64> {
    let (mut reader, mut writer) = io::pipe().unwrap();
    // SAFETY: no other thread is running.
    match unsafe { fork() }.unwrap() {
        ForkResult::Child => {
            // A panic would go on into the code of those who called us, in a
            // second process.
            if let Ok(result) = panic::catch_unwind(work) {
                let _ = writer.write_all(&result.to_ne_bytes());
            }
            // SAFETY: ends the child at once, without the parent's clean-up code.
            unsafe { _exit(0) }
        }
        ForkResult::Parent { child } => {
            // With ours open, the pipe would have no end.
            drop(writer);
            let mut result = [0; 8];
            let told = reader.read_exact(&mut result);
            waitpid(child, None).unwrap();
            told.ok().map(|()| u64::from_ne_bytes(result))
        }
    }
}
