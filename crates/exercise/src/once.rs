//! An answer run once, in a process of its own.

use std::panic::{AssertUnwindSafe, catch_unwind};

use interleave::panic_message;

use crate::check::{Hint, Once};
use crate::grade::Refusal;

const WAITS: &str = "waits for ever";

pub(crate) fn run(once: &Once, code: &str) -> Result<String, Box<Refusal>> {
    let outcome = apart(once.run).unwrap_or_else(|error| format!("cannot be run: {error}"));
    if once.good.contains(&outcome.as_str()) {
        return Ok(format!("{}: {outcome}", once.title));
    }
    let general = (outcome == WAITS).then_some(
        "Nobody in it computes, and nobody will ever wake anybody else. Who waits for what?",
    );
    Err(Box::new(Refusal {
        case: once.name,
        what: format!(
            "{}: it ends in “{outcome}”; what is wanted is “{}”.",
            once.title,
            once.good.join("” or “")
        ),
        hint: Hint::find(once.hints, &outcome, code).or(general).map(str::to_owned),
        outcome,
        shown: None,
    }))
}

/// What `run` returns, or its panic.
fn outcome(run: fn() -> String) -> String {
    let result = catch_unwind(AssertUnwindSafe(run));
    result.unwrap_or_else(|payload| format!("panic: {}", panic_message(&*payload)))
}

#[cfg(not(unix))]
fn apart(run: fn() -> String) -> Result<String, std::io::Error> {
    Ok(outcome(run))
}

#[cfg(unix)]
use forked::apart;

#[cfg(unix)]
mod forked {
    use std::fs;
    use std::io::{self, PipeReader, Read, Write};
    use std::os::fd::AsFd;
    use std::process;
    use std::thread;

    use nix::errno::Errno;
    use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
    use nix::sys::signal::{Signal, killpg};
    use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
    use nix::unistd::{ForkResult, Pid, fork, setpgid};

    use super::{WAITS, outcome};

    /// Milliseconds between two looks at what the processes do.
    const GLANCE: u16 = 50;

    /// So many looks in a row, a second, must find everybody asleep.
    const STILL: u32 = 20;

    /// An outcome is a few words, and fits into the pipe.
    const LONGEST: usize = 4096;

    /// Runs `run` in a child, and ends the child's whole process group.
    pub(super) fn apart(run: fn() -> String) -> io::Result<String> {
        let (mut reader, mut writer) = io::pipe()?;
        // An orphan of the answer's becomes ours, and is reaped below.
        #[cfg(target_os = "linux")]
        nix::sys::prctl::set_child_subreaper(true)?;
        // SAFETY: this is a program of one thread: the child may do whatever
        // its parent may.
        match unsafe { fork() }? {
            ForkResult::Child => {
                let group = setpgid(Pid::from_raw(0), Pid::from_raw(0));
                let mut text = match group {
                    Ok(()) => outcome(run),
                    Err(error) => format!("cannot be run: {error}"),
                };
                text.truncate(text.floor_char_boundary(LONGEST));
                // If the parent is gone, there is nobody to tell.
                let _ = writer.write_all(text.as_bytes());
                process::exit(0)
            }
            ForkResult::Parent { child } => {
                drop(writer);
                // It does so itself too: whoever comes first.
                let _ = setpgid(child, child);
                let said = wait(child, &mut reader);
                // Whoever is left; nobody, most often.
                let _ = killpg(child, Signal::SIGKILL);
                while waitpid(Pid::from_raw(-child.as_raw()), None).is_ok() {}
                said
            }
        }
    }

    /// What the child says, or what became of it.
    fn wait(child: Pid, reader: &mut PipeReader) -> io::Result<String> {
        let (mut before, mut still) = (None, 0);
        loop {
            let mut told = [PollFd::new(reader.as_fd(), PollFlags::POLLIN)];
            let ready = match poll(&mut told, PollTimeout::from(GLANCE)) {
                Err(Errno::EINTR) => 0,
                ready => ready?,
            };
            let readable = told[0].revents().is_some_and(|e| e.contains(PollFlags::POLLIN));
            if readable {
                let mut text = vec![0; LONGEST];
                let length = reader.read(&mut text)?;
                return Ok(String::from_utf8_lossy(&text[..length]).into_owned());
            }
            match waitpid(child, Some(WaitPidFlag::WNOHANG))? {
                WaitStatus::Exited(_, code) => return Ok(format!("exited with {code}")),
                WaitStatus::Signaled(_, signal, _) => return Ok(format!("killed by {signal}")),
                _ => {}
            }
            if ready > 0 {
                // It has closed its end, and is about to end.
                thread::yield_now();
                continue;
            }
            let now = Activity::of(child);
            let asleep = now.as_ref().is_some_and(|now| now.asleep);
            still = if asleep && now == before { still + 1 } else { 0 };
            if still == STILL {
                return Ok(WAITS.into());
            }
            before = now;
        }
    }

    /// What the tasks of a process group are doing.
    #[derive(PartialEq)]
    struct Activity {
        asleep: bool,
        /// How often one of them has gone to sleep or was taken off its core.
        switches: u64,
    }

    impl Activity {
        /// Nothing where the system does not tell.
        fn of(group: Pid) -> Option<Activity> {
            let mut all = Activity { asleep: true, switches: 0 };
            for process in fs::read_dir("/proc").ok()?.flatten() {
                let name = process.file_name();
                if !name.to_str().is_some_and(|name| name.bytes().all(|b| b.is_ascii_digit())) {
                    continue;
                }
                // Whoever has ended meanwhile does nothing any more.
                let Ok(stat) = fs::read_to_string(process.path().join("stat")) else { continue };
                let fields = stat.rsplit_once(')').map_or("", |(_, fields)| fields);
                // State, parent, group.
                if fields.split_whitespace().nth(2) != Some(&group.to_string()) {
                    continue;
                }
                let Ok(tasks) = fs::read_dir(process.path().join("task")) else { continue };
                for task in tasks.flatten() {
                    let status = fs::read_to_string(task.path().join("status"));
                    all.add(&status.unwrap_or_default());
                }
            }
            Some(all)
        }

        fn add(&mut self, status: &str) {
            for line in status.lines() {
                let Some((name, value)) = line.split_once(':') else { continue };
                let value = value.trim();
                match name {
                    // Sleeping, stopped, or ended and not waited for.
                    "State" => self.asleep &= value.starts_with(['S', 'T', 'Z']),
                    "voluntary_ctxt_switches" | "nonvoluntary_ctxt_switches" => {
                        self.switches += value.parse::<u64>().unwrap_or_default();
                    }
                    _ => {}
                }
            }
        }
    }
}
