//! A worker process: this program once more, between two pipes.

use std::io::{self, ErrorKind, Read, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::{env, mem, panic};

use crate::job::{Job, attempt, outcome_to_bytes};

/// Set for a worker alone.
pub const WORKER: &str = "EXECUTORS_WORKER";

/// A frame that says to be longer than this comes from nobody who knows frames.
const LONGEST: usize = 1 << 20;

// ANCHOR: worker
/// The whole life of a worker: it answers frames, and ends with its input.
pub fn work() -> io::Result<()> {
    // Its panics go back to whoever submitted the job.
    panic::set_hook(Box::new(|_| {}));
    let (mut input, mut output) = (io::stdin().lock(), io::stdout().lock());
    while let Some(frame) = read_frame(&mut input)? {
        let answer = match Job::from_bytes(&frame) {
            Some(Job::Babble) => b"never mind".to_vec(),
            Some(job) => outcome_to_bytes(&attempt(job)),
            None => return Err(ErrorKind::InvalidData.into()),
        };
        write_frame(&mut output, &answer)?;
    }
    Ok(())
}
// ANCHOR_END: worker

// ANCHOR: frames
/// A pipe is a stream of bytes. A frame says first how many of them belong together.
fn write_frame(to: &mut impl Write, body: &[u8]) -> io::Result<()> {
    let length = (body.len() as u32).to_le_bytes();
    to.write_all(&[&length, body].concat())?;
    to.flush()
}

/// The next frame, or nothing where the stream ends.
fn read_frame(from: &mut impl Read) -> io::Result<Option<Vec<u8>>> {
    let mut length = Vec::new();
    from.take(4).read_to_end(&mut length)?;
    let length = match <[u8; 4]>::try_from(length) {
        Ok(bytes) => u32::from_le_bytes(bytes) as usize,
        Err(none) if none.is_empty() => return Ok(None),
        Err(_) => return Err(ErrorKind::UnexpectedEof.into()),
    };
    if length > LONGEST {
        return Err(ErrorKind::InvalidData.into());
    }
    let mut body = vec![0; length];
    from.read_exact(&mut body)?;
    Ok(Some(body))
}
// ANCHOR_END: frames

/// A worker as its keeper sees it.
pub struct Worker {
    process: Child,
    to_it: Option<ChildStdin>,
    from_it: ChildStdout,
}

// ANCHOR: start
impl Worker {
    /// Starts this program once more. The worker's ends of the pipes are
    /// closed in all other workers, so that its end is the pipes' end.
    pub fn start() -> io::Result<Worker> {
        let mut command = Command::new(env::current_exe()?);
        command.env(WORKER, "yes").stdin(Stdio::piped()).stdout(Stdio::piped());
        end_with_us(&mut command);
        let mut process = command.spawn()?;
        let (to_it, from_it) = (process.stdin.take(), process.stdout.take());
        Ok(Worker { process, to_it, from_it: from_it.ok_or(ErrorKind::BrokenPipe)? })
    }

    /// Sends a job and waits for what comes back, or for the end of the pipe.
    pub fn ask(&mut self, job: &[u8]) -> io::Result<Vec<u8>> {
        write_frame(self.to_it.as_mut().ok_or(ErrorKind::BrokenPipe)?, job)?;
        read_frame(&mut self.from_it)?.ok_or_else(|| ErrorKind::UnexpectedEof.into())
    }

    /// Makes sure that it has ended, and tells how it did.
    pub fn end(mut self) -> String {
        let _ = self.process.kill();
        self.process.wait().map_or_else(|error| error.to_string(), |status| status.to_string())
    }
}

/// Its input ends, it ends, and we wait for it: an ended process stays in the
/// system's table, as a zombie, until somebody does.
impl Drop for Worker {
    fn drop(&mut self) {
        drop(mem::take(&mut self.to_it));
        let _ = self.process.wait();
    }
}
// ANCHOR_END: start

/// A worker in the middle of a long job would not notice that we were killed.
/// The kernel can tell it. By "parent" it means the thread that started it,
/// which here is the keeper, and that one waits for it.
#[cfg(target_os = "linux")]
fn end_with_us(command: &mut Command) {
    use nix::sys::{prctl, signal::Signal};
    use std::os::unix::process::CommandExt;
    // SAFETY: between fork and exec this makes one system call and allocates
    // nothing.
    unsafe {
        command.pre_exec(|| Ok(prctl::set_pdeathsig(Signal::SIGKILL)?));
    }
}

/// Elsewhere it ends when it next reads or writes.
#[cfg(not(target_os = "linux"))]
fn end_with_us(_: &mut Command) {}
