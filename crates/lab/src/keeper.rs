//! A process between the lab and each program that it runs, to see that the program ends whole.
//!
//! A group of processes is not enough: whoever calls `setsid` has left it. But on Linux a *child
//! subreaper* inherits every orphan below it, so the keeper's descendants, found in `/proc`, are
//! the program and all that it started, however far it ran. (An environment variable as a mark
//! can be removed, and a control group needs rights that a reader may not have. The lab itself as
//! subreaper could not tell a run's orphans from those of a build.) Elsewhere than on Linux only
//! the program's group is ended. A program that kills its keeper dies with it, and what it started
//! may get away: nobody is kept from harming himself with a program that he has written.
//!
//! The keeper's standard input is a socket, the line to the lab. When the lab closes it, or dies,
//! whatever the cause, the keeper ends everything: first asked by SIGTERM, then, after
//! [`GRACE`], by SIGKILL. When the program ends by itself, so do those it left behind. Then the
//! keeper removes the temporary folder it gave the program, and the shared memory and message
//! queues that bear the name of a process that is gone, writes an [`End`] to the line and ends.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::io::{self, Read, Write};
use std::os::fd::{FromRawFd, OwnedFd};
use std::os::unix::fs::MetadataExt;
use std::os::unix::net::UnixStream;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::Path;
use std::process::{Command, ExitCode, ExitStatus, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, SystemTime};

use anyhow::{Context, Result};
use nix::errno::Errno;
use nix::sys::resource::{Resource, setrlimit};
use nix::sys::signal::{Signal, kill};
use nix::sys::wait::{WaitStatus, waitpid};
use nix::unistd::{Pid, getpid};

use crate::process::End;

/// The lab's own name for this way of being started.
pub const ARGUMENT: &str = "--keep";

/// How long a program may take to end itself. All together must end within a second.
const GRACE: Duration = Duration::from_millis(300);

/// How long what the program started may outlive it.
const LEAVING: Duration = Duration::from_millis(50);

/// While something is left after [`GRACE`], it is looked for this often.
const AGAIN: Duration = Duration::from_millis(5);

/// What experiments name shared memory and message queues by, before the number of their process.
const PREFIX: &str = "taking-turns-";

/// Runs the program and the arguments that are given, and keeps it.
pub fn main(command: impl Iterator<Item = OsString>) -> ExitCode {
    // SAFETY: the lab gave a socket as standard input, and nothing else here reads from that.
    let mut line = UnixStream::from(unsafe { OwnedFd::from_raw_fd(0) });
    let end = keep(command, &line).unwrap_or_else(|error| End::failed(&format!("{error:#}")));
    // The lab may be gone.
    let _ = line.write_all(&serde_json::to_vec(&end).expect("numbers and text"));
    ExitCode::SUCCESS
}

fn keep(mut command: impl Iterator<Item = OsString>, line: &UnixStream) -> Result<End> {
    let program = command.next().context("no program to keep")?;
    let began = SystemTime::now();
    let temporary = tempfile::Builder::new()
        .prefix(PREFIX)
        .tempdir()
        .context("cannot create a temporary folder")?;
    #[cfg(target_os = "linux")]
    nix::sys::prctl::set_child_subreaper(true).context("cannot adopt orphans")?;
    // A crash leaves no core file in the reader's folder.
    let _ = setrlimit(Resource::RLIMIT_CORE, 0, 0);

    let mut command_line = Command::new(&program);
    command_line.args(command).env("TMPDIR", temporary.path()).stdin(Stdio::null());
    // A build runs ahead of what anybody has asked for, and must not slow down
    // the page that they look at.
    if Path::new(&program).file_stem() == Some("cargo".as_ref()) {
        // SAFETY: it changes this process's own priority, which a child inherits.
        unsafe { nix::libc::nice(15) };
    }
    let leader = start(&mut command_line)
        .with_context(|| format!("cannot run `{}`", Path::new(&program).display()))?;

    let (stop, events) = channel();
    let ended = stop.clone();
    let mut line = line.try_clone().context("cannot listen to the lab")?;
    thread::spawn(move || {
        // Not a word is expected: whatever comes, the line has closed.
        let _ = line.read(&mut [0]);
        let _ = stop.send(Event::Stop);
    });
    let left = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&left);
    thread::spawn(move || end_all(leader, &events, &counted));

    let mut status = None;
    loop {
        match waitpid(None, None) {
            Ok(WaitStatus::Exited(pid, code)) if pid == leader => {
                status = Some(ExitStatus::from_raw(code << 8));
            }
            Ok(WaitStatus::Signaled(pid, signal, _)) if pid == leader => {
                status = Some(ExitStatus::from_raw(signal as i32));
            }
            Ok(_) | Err(Errno::EINTR) => continue,
            // Nobody is left.
            Err(_) => break,
        }
        let _ = ended.send(Event::Ended);
    }
    if !cfg!(target_os = "linux") {
        // Who stayed in the group.
        let _ = kill(Pid::from_raw(-leader.as_raw()), Signal::SIGKILL);
    }
    let owner = temporary.path().metadata().map(|metadata| metadata.uid());
    drop(temporary);
    if let Ok(owner) = owner {
        remove_leftovers(owner, began);
    }
    let status = status.context("the program's end was not seen")?;
    let left = left.load(Ordering::Relaxed);
    Ok(End { code: status.code(), signal: status.signal(), left, problem: None })
}

/// Starts the program in a session of its own, away from the lab's terminal.
fn start(command: &mut Command) -> io::Result<Pid> {
    // SAFETY: between fork and exec this makes system calls and allocates nothing.
    unsafe {
        command.pre_exec(|| {
            nix::unistd::setsid()?;
            // Should somebody kill the keeper itself.
            #[cfg(target_os = "linux")]
            nix::sys::prctl::set_pdeathsig(Signal::SIGKILL)?;
            Ok(())
        });
    }
    // Waited for with all others, by `waitpid`.
    Ok(Pid::from_raw(command.spawn()?.id() as i32))
}

enum Event {
    /// The lab wants an end.
    Stop,
    /// The program has ended by itself.
    Ended,
}

/// Waits for the first event, then ends what there is until this process has nobody left and ends.
fn end_all(leader: Pid, events: &Receiver<Event>, left: &AtomicUsize) {
    if let Ok(Event::Ended) = events.recv() {
        // Those that are just ending were not left behind.
        thread::sleep(LEAVING);
        // Relaxed: it is read when these processes are gone, and their end is heard of from the
        // kernel after the signals below.
        left.store(descendants().len(), Ordering::Relaxed);
    }
    signal_all(leader, Signal::SIGTERM);
    thread::sleep(GRACE);
    loop {
        // Who is stopped starts no others while the list is gone through.
        signal_all(leader, Signal::SIGSTOP);
        signal_all(leader, Signal::SIGKILL);
        thread::sleep(AGAIN);
    }
}

fn signal_all(leader: Pid, signal: Signal) {
    // Some may have ended meanwhile; the numbers are not given away again so soon.
    for pid in descendants() {
        let _ = kill(pid, signal);
    }
    if !cfg!(target_os = "linux") {
        let _ = kill(Pid::from_raw(-leader.as_raw()), signal);
    }
}

/// All processes below this one that still run; none where there is no `/proc`.
fn descendants() -> Vec<Pid> {
    let mut children: BTreeMap<i32, Vec<i32>> = BTreeMap::new();
    let mut dead = Vec::new();
    for entry in fs::read_dir("/proc").into_iter().flatten().flatten() {
        let Some(pid) = entry.file_name().to_str().and_then(|name| name.parse().ok()) else {
            continue;
        };
        // `PID (NAME) STATE PARENT …`, where a name may hold anything, parentheses included.
        let stat = fs::read(entry.path().join("stat")).unwrap_or_default();
        let stat = String::from_utf8_lossy(&stat);
        let mut fields = stat.rsplit(") ").next().unwrap_or_default().split(' ');
        if fields.next().is_some_and(|state| state == "Z" || state == "X") {
            dead.push(pid);
        }
        if let Some(parent) = fields.next().and_then(|parent| parent.parse().ok()) {
            children.entry(parent).or_default().push(pid);
        }
    }
    let mut found = vec![getpid().as_raw()];
    let mut next = 0;
    while let Some(parent) = found.get(next) {
        found.extend(children.remove(parent).unwrap_or_default());
        next += 1;
    }
    found.into_iter().skip(1).filter(|pid| !dead.contains(pid)).map(Pid::from_raw).collect()
}

/// Removes the shared memory, semaphores and message queues, made by `owner` since `began`, of
/// processes that are gone. Experiments remove their own; one that was killed could not.
fn remove_leftovers(owner: u32, began: SystemTime) {
    // File systems keep coarser time than clocks.
    let began = began - Duration::from_millis(100);
    for folder in ["/dev/shm", "/dev/mqueue"] {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let name = entry.file_name();
            let Some(maker) = name.to_str().and_then(maker) else { continue };
            let ours = entry.metadata().is_ok_and(|metadata| {
                metadata.uid() == owner
                    && metadata.modified().is_ok_and(|modified| modified >= began)
            });
            if ours && kill(maker, None) == Err(Errno::ESRCH) {
                let _ = fs::remove_file(entry.path());
            }
        }
    }
}

/// The process that a name such as `taking-turns-4711-ring` speaks of; semaphores have `sem.` before.
fn maker(name: &str) -> Option<Pid> {
    let name = name.strip_prefix("sem.").unwrap_or(name).strip_prefix(PREFIX)?;
    let digits = name.split(|character: char| !character.is_ascii_digit()).next()?;
    digits.parse().ok().map(Pid::from_raw)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leftovers_are_known_by_their_makers() {
        let maker = |name| maker(name).map(Pid::as_raw);
        assert_eq!(maker("taking-turns-4711"), Some(4711));
        assert_eq!(maker("taking-turns-4711-ring"), Some(4711));
        assert_eq!(maker("sem.taking-turns-4711"), Some(4711));
        for other in ["taking-turns-", "taking-turns-x1", "psm_4711", "my-taking-turns-1"] {
            assert_eq!(maker(other), None, "{other}");
        }
    }
}
