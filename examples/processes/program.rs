//! A program that is started by fork and exec, and followed to its end.

use std::ffi::CStr;
use std::io::{self, PipeReader, PipeWriter, Read, Write};

use nix::libc::_exit;
use nix::sys::prctl;
use nix::sys::signal::Signal;
use nix::sys::wait::{Id, WaitPidFlag, WaitStatus, waitid, waitpid};
use nix::unistd::{ForkResult, Pid, chdir, dup2_stdin, dup2_stdout, execvp, fork};

/// A child of ours that runs another program.
pub struct Program {
    pub pid: Pid,
    /// Dropped, it is the end of the program's input.
    pub input: PipeWriter,
    pub output: PipeReader,
}

// ANCHOR: start
/// Starts a program: its name, then its arguments. Returns when it runs, or
/// with the reason why it does not. Call it while no other thread is running.
pub fn start(words: &[&CStr]) -> io::Result<Program> {
    let (their_input, input) = io::pipe()?;
    let (output, their_output) = io::pipe()?;
    // Exec closes the child's end of this one: no news is good news.
    let (mut news, mut bad_news) = io::pipe()?;
    // SAFETY: no other thread is running, so the child's copy of this process
    // holds no lock that nobody will release.
    match unsafe { fork()? } {
        ForkResult::Child => {
            let Err(error) = turn_into(words, &their_input, &their_output);
            let _ = bad_news.write_all(&(error as i32).to_ne_bytes());
            // SAFETY: ends the child at once, without the parent's clean-up code.
            unsafe { _exit(127) }
        }
        ForkResult::Parent { child } => {
            drop(bad_news);
            let mut error = [0; 4];
            if news.read(&mut error)? == 0 {
                return Ok(Program { pid: child, input, output });
            }
            waitpid(child, None)?;
            Err(io::Error::from_raw_os_error(i32::from_ne_bytes(error)))
        }
    }
}

/// What the child does. If all goes well there is no way back from `execvp`.
fn turn_into(
    words: &[&CStr],
    input: &PipeReader,
    output: &PipeWriter,
) -> nix::Result<std::convert::Infallible> {
    // If the thread that forked it ends from here on, so does the program.
    prctl::set_pdeathsig(Signal::SIGKILL)?;
    dup2_stdin(input)?;
    dup2_stdout(output)?;
    chdir("/")?;
    execvp(words[0], words)
}
// ANCHOR_END: start

// ANCHOR: wait
/// Sleeps until the child has ended, and leaves it unburied: its status can
/// still be had.
pub fn ended(pid: Pid) -> nix::Result<()> {
    waitid(Id::Pid(pid), WaitPidFlag::WEXITED | WaitPidFlag::WNOWAIT).map(drop)
}

/// How a child ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    ExitCode(i32),
    Signal(Signal),
}

/// Waits for the child's end, and takes its status. Its PID is free then.
pub fn wait(pid: Pid) -> nix::Result<End> {
    loop {
        match waitpid(pid, None)? {
            WaitStatus::Exited(_, code) => return Ok(End::ExitCode(code)),
            WaitStatus::Signaled(_, signal, _) => return Ok(End::Signal(signal)),
            // Stopped or continued: it lives on.
            _ => continue,
        }
    }
}
// ANCHOR_END: wait
