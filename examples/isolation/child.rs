//! The same in children. Call these while the process has no other thread: the
//! child's copy of it then holds no lock that nobody will release.

use std::io::{self, Write};

use nix::libc::_exit;
use nix::sys::resource::{Resource, setrlimit};
use nix::sys::wait::{WaitStatus, waitpid};
use nix::unistd::{ForkResult, fork};

use crate::walls::look;

// ANCHOR: child_writes
/// A child adds one and looks; then we look.
pub fn child_writes(mut value: u64) -> io::Result<[String; 2]> {
    let (reader, mut writer) = io::pipe()?;
    // SAFETY: no other thread is running.
    match unsafe { fork()? } {
        ForkResult::Child => {
            value += 1;
            let sent = writer.write_all(look(&value).as_bytes());
            // SAFETY: ends the child at once, without our clean-up code.
            unsafe { _exit(sent.is_err().into()) }
        }
        ForkResult::Parent { child } => {
            drop(writer);
            let theirs = io::read_to_string(reader)?;
            waitpid(child, None)?;
            Ok([theirs, look(&value)])
        }
    }
}
// ANCHOR_END: child_writes

// ANCHOR: in_a_child
/// Does `work` in a child, and tells how the child ended.
pub fn in_a_child(work: fn()) -> io::Result<WaitStatus> {
    // SAFETY: no other thread is running.
    match unsafe { fork()? } {
        ForkResult::Child => {
            // A crash that was asked for need not leave a file.
            let _ = setrlimit(Resource::RLIMIT_CORE, 0, 0);
            work();
            // SAFETY: ends the child at once, without our clean-up code.
            unsafe { _exit(0) }
        }
        ForkResult::Parent { child } => Ok(waitpid(child, None)?),
    }
}
// ANCHOR_END: in_a_child
