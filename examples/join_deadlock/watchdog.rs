//! A watchdog that proves a deadlock before it ends it.

use std::io::{self, PipeReader, Read};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

/// No system call tells when a pipe fills up, so the watchdog looks this often.
const LOOK: Duration = Duration::from_millis(1);

/// The two processes, as folders of /proc, and what is between them.
#[cfg_attr(not(target_os = "linux"), allow(dead_code))]
pub struct Pair {
    pub parent: String,
    pub child: String,
    pub pipe: PipeReader,
    pub capacity: usize,
}

/// A deadlock, and the bytes that were in the pipe when it was ended.
pub struct Deadlock {
    pub found: Instant,
    pub released: Instant,
    pub in_pipe: usize,
    /// What the watchdog read in the parent's place.
    pub drained: usize,
}

/// What came of looking: nothing, or a deadlock.
type Seen = io::Result<Option<Deadlock>>;

// ANCHOR: stuck
#[cfg(target_os = "linux")]
impl Pair {
    /// Whether each waits for the other. A child that is asleep while the pipe
    /// is full waits for room in it. Were the parent reading, the first byte
    /// would have woken it: asleep as well, it waits for the child.
    fn stuck(&self) -> io::Result<bool> {
        let full = || Ok::<_, io::Error>(self.in_pipe()? == self.capacity);
        Ok(full()? && asleep(&self.child)? && asleep(&self.parent)? && full()?)
    }
}
// ANCHOR_END: stuck

// ANCHOR: watch
/// Looks until the parent has ended. Two that are stuck, and still are after
/// `patience`, are released: the watchdog reads what nobody else reads.
pub fn watch(mut pair: Pair, ended: Receiver<()>, patience: Duration) -> Seen {
    let seen = pair.look(&ended, patience);
    if matches!(seen, Ok(None)) {
        return seen;
    }
    // Also after an error: nobody is left waiting.
    let drained = pair.pipe.read_to_end(&mut Vec::new())?;
    Ok(seen?.map(|deadlock| Deadlock { drained, ..deadlock }))
}

impl Pair {
    fn look(&self, ended: &Receiver<()>, patience: Duration) -> Seen {
        let over = |time| ended.recv_timeout(time) != Err(RecvTimeoutError::Timeout);
        while !over(LOOK) {
            if !self.stuck()? {
                continue;
            }
            let found = Instant::now();
            if !over(patience) && self.stuck()? {
                let (released, in_pipe) = (Instant::now(), self.in_pipe()?);
                return Ok(Some(Deadlock { found, released, in_pipe, drained: 0 }));
            }
        }
        Ok(None)
    }
}
// ANCHOR_END: watch

#[cfg(target_os = "linux")]
impl Pair {
    /// The bytes that were written and not yet read.
    fn in_pipe(&self) -> io::Result<usize> {
        use nix::libc;
        use std::os::fd::AsRawFd;
        let mut bytes: libc::c_int = 0;
        // SAFETY: FIONREAD writes one int; `bytes` is one and outlives the call.
        match unsafe { libc::ioctl(self.pipe.as_raw_fd(), libc::FIONREAD, &mut bytes) } {
            0 => Ok(bytes as usize),
            _ => Err(io::Error::last_os_error()),
        }
    }
}

/// Whether the kernel has it asleep until something happens (state S): not
/// running, not ready to run, not ended.
#[cfg(target_os = "linux")]
fn asleep(task: &str) -> io::Result<bool> {
    use nix::libc::{ENOENT, ESRCH};
    match std::fs::read_to_string(format!("{task}/stat")) {
        // The state follows the name, which stands in parentheses.
        Ok(stat) => Ok(stat.rsplit_once(") ").is_some_and(|(_, rest)| rest.starts_with('S'))),
        // It was waited for, before the file was opened or before it was read.
        Err(error) if matches!(error.raw_os_error(), Some(ENOENT | ESRCH)) => Ok(false),
        Err(error) => Err(error),
    }
}

/// The calling thread as a folder of /proc. Fails if that is not mounted.
#[cfg(target_os = "linux")]
pub fn this_thread() -> io::Result<String> {
    let folder = format!("/proc/self/task/{}", nix::unistd::gettid());
    std::fs::metadata(&folder).map(|_| folder)
}

/// Elsewhere there is no /proc to look into.
#[cfg(not(target_os = "linux"))]
impl Pair {
    fn stuck(&self) -> io::Result<bool> {
        Ok(false)
    }

    fn in_pipe(&self) -> io::Result<usize> {
        Ok(0)
    }
}

#[cfg(not(target_os = "linux"))]
pub fn this_thread() -> io::Result<String> {
    Ok(String::new())
}
