//! Two programs at once, watched from their start until nothing is left.

use std::fs;
use std::io::{BufRead, BufReader, Write};

use anyhow::Context;
use nix::errno::Errno;
use nix::sys::signal::{Signal, kill};
use nix::sys::wait::{WaitPidFlag, waitpid};
use nix::unistd::Pid;

use crate::look::{List, at_rest, is_gone, look, look_at_all, pids};
use crate::program::{End, ended, start, wait};

/// What was seen of one program.
pub struct Life {
    pub pid: Pid,
    pub parent: Pid,
    /// The state at each look, in a row.
    pub states: String,
    pub end: End,
}

pub struct Story {
    pub sh: Life,
    pub cat: Life,
    /// What `sh` says of itself: its PID, and its parent's.
    pub said: (Pid, Pid),
    pub folders_apart: bool,
    /// All processes while both were there, and their own threads in it.
    pub list: List,
    pub listed: [u64; 2],
    pub signal_0_found_zombies: bool,
    pub gone: bool,
    /// Those same PIDs looked at once more when both were gone.
    pub late: List,
    pub both_vanished: bool,
}

/// Starts `sh`, which exits with `code`, and `cat`, which is killed.
pub fn tell(code: u64) -> anyhow::Result<Story> {
    let here = fs::read_link("/proc/self/cwd")?;
    let script = format!("echo $$ $PPID; read order; exit {code}\0");
    let script = std::ffi::CStr::from_bytes_with_nul(script.as_bytes()).expect("one NUL");
    // First the one that says nothing if we cannot go on.
    let cat = start(&[c"cat"]).context("cannot start `cat`")?;
    let mut sh = start(&[c"sh", c"-c", script]).context("cannot start `sh`")?;
    let both = [sh.pid, cat.pid];

    // Once `sh` has spoken it waits for an order, and `cat` for something to copy.
    let mut line = String::new();
    BufReader::new(sh.output).read_line(&mut line)?;
    let mut numbers = line.split_whitespace().map(|word| word.parse().map_or(0, |number| number));
    let mut next = || Pid::from_raw(numbers.next().unwrap_or(0));
    let said = (next(), next());
    let looks = [at_rest(sh.pid)?, at_rest(cat.pid)?];
    let mut states = looks.each_ref().map(|look| look.state.to_string());
    let list = look_at_all(&pids()?)?;
    let threads = |pid: Pid| list.processes.iter().find(|p| p.pid == pid).map_or(0, |p| p.threads);
    let listed = both.map(threads);
    let folder = |pid: Pid| fs::read_link(format!("/proc/{pid}/cwd"));
    let folders_apart = folder(sh.pid)?.as_os_str() == "/"
        && folder(cat.pid)?.as_os_str() == "/"
        && fs::read_link("/proc/self/cwd")? == here;

    // ANCHOR: signals
    kill(cat.pid, Signal::SIGSTOP)?;
    waitpid(cat.pid, Some(WaitPidFlag::WUNTRACED))?;
    states[1].push(look(cat.pid)?.state);

    kill(cat.pid, Signal::SIGCONT)?;
    waitpid(cat.pid, Some(WaitPidFlag::WCONTINUED))?;
    states[1].push(at_rest(cat.pid)?.state);

    kill(cat.pid, Signal::SIGTERM)?;
    writeln!(sh.input, "go")?;
    let mut signal_0_found_zombies = true;
    for (pid, states) in both.into_iter().zip(&mut states) {
        ended(pid)?;
        states.push(look(pid)?.state);
        signal_0_found_zombies &= kill(pid, None).is_ok();
    }
    // ANCHOR_END: signals

    // ANCHOR: vanish
    let before = pids()?;
    let ends = [wait(sh.pid)?, wait(cat.pid)?];
    let late = look_at_all(&before)?;
    // ANCHOR_END: vanish
    let gone = both.iter().all(|&pid| {
        look(pid).is_err_and(|error| is_gone(&error)) && kill(pid, None) == Err(Errno::ESRCH)
    });
    let seen = |pid: &Pid| late.processes.iter().any(|process| process.pid == *pid);
    let both_vanished =
        late.vanished >= 2 && both.iter().all(|pid| before.contains(pid)) && !both.iter().any(seen);

    let [sh, cat] = [0, 1].map(|place| Life {
        pid: both[place],
        parent: looks[place].parent,
        states: states[place].clone(),
        end: ends[place],
    });
    Ok(Story {
        sh,
        cat,
        said,
        folders_apart,
        list,
        listed,
        signal_0_found_zombies,
        gone,
        late,
        both_vanished,
    })
}
