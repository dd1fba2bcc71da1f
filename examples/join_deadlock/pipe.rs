//! A child that writes into a pipe, and a parent that waits and reads in one
//! order or the other.

use std::env;
use std::io::{self, PipeReader, PipeWriter, Read, Write};
use std::process::{Child, Command, ExitStatus};

/// Set for a child alone: how many bytes it writes.
pub const BYTES: &str = "JOIN_DEADLOCK_BYTES";

// ANCHOR: child
/// The whole life of the child: it writes, and ends.
pub fn child(bytes: usize) -> io::Result<()> {
    io::stdout().write_all(&vec![b'.'; bytes])
}

/// Starts this program once more, as a child with the pipe for its output.
/// The parent's own copy of the writing end is closed on return.
pub fn spawn(bytes: usize, output: PipeWriter) -> io::Result<Child> {
    Command::new(env::current_exe()?).env(BYTES, bytes.to_string()).stdout(output).spawn()
}
// ANCHOR_END: child

/// What the parent does, and what it knows in the end: how the child ended,
/// and what it wrote.
pub type Order = fn(Child, PipeReader) -> End;
type End = io::Result<(ExitStatus, Vec<u8>)>;

// ANCHOR: wait_first
pub fn wait_then_read(mut child: Child, mut pipe: PipeReader) -> End {
    let mut output = Vec::new();
    let status = child.wait()?;
    pipe.read_to_end(&mut output)?;
    Ok((status, output))
}
// ANCHOR_END: wait_first

// ANCHOR: read_first
pub fn read_then_wait(mut child: Child, mut pipe: PipeReader) -> End {
    let mut output = Vec::new();
    pipe.read_to_end(&mut output)?;
    let status = child.wait()?;
    Ok((status, output))
}
// ANCHOR_END: read_first

// ANCHOR: capacity
/// Gives the pipe room for `bytes`, if it has another size, and tells how much
/// room there is: the kernel rounds up.
#[cfg(target_os = "linux")]
pub fn resize(pipe: &PipeReader, bytes: usize) -> io::Result<usize> {
    use nix::fcntl::{FcntlArg, fcntl};
    if fcntl(pipe, FcntlArg::F_GETPIPE_SZ)? as usize != bytes {
        fcntl(pipe, FcntlArg::F_SETPIPE_SZ(bytes as i32))?;
    }
    Ok(fcntl(pipe, FcntlArg::F_GETPIPE_SZ)? as usize)
}
// ANCHOR_END: capacity
