//! What a worker that waits keeps in memory. Each kind is measured in a process
//! of its own, which has nothing else to do and no memory from before to reuse.

use std::io::{self, Read, Write};
use std::path::Path;
use std::process::{self, Child, Command, Stdio};
use std::sync::Barrier;
use std::time::Duration;
use std::{env, fs, thread};

use nix::libc::_exit;
use nix::sys::wait::waitpid;
use nix::unistd::{ForkResult, Pid, fork, read};

use crate::workers::ROLE;
use crate::{EXEC, FORK, TASK, THREAD};

/// Has this program weigh `workers` waiting workers of a kind; bytes for one.
pub fn weigh(program: &Path, kind: &str, workers: u64) -> anyhow::Result<f64> {
    let output = Command::new(program).env(ROLE, format!("{kind} {workers}")).output()?;
    Ok(String::from_utf8(output.stdout)?.trim().parse()?)
}

/// What a process does that this program started: it weighs workers, or is one.
pub fn play(role: &str) -> anyhow::Result<()> {
    let (kind, workers) = role.split_once(' ').unwrap_or((role, "0"));
    let workers = workers.parse()?;
    let bytes = match kind {
        TASK => tasks(workers),
        THREAD => threads(workers),
        FORK => forks(workers),
        EXEC => execs(workers),
        _ => return Ok(wait()?),
    };
    // Unlike `println!`, no panic if nobody is there to read it any more.
    Ok(writeln!(io::stdout(), "{}", bytes?)?)
}

/// Nobody waits for that long: the process ends before its workers do.
const LONG: Duration = Duration::from_secs(3_600);

// ANCHOR: rollup
/// `Rss`: what a process has in memory. `Pss`: the same, but of a page that
/// several processes share, each is charged its part.
fn bytes(what: &str, pid: u32) -> io::Result<f64> {
    let table = fs::read_to_string(format!("/proc/{pid}/smaps_rollup"))?;
    let line = table.lines().find_map(|line| line.strip_prefix(what)?.strip_prefix(':'));
    let kilobytes = line.and_then(|line| line.trim().strip_suffix(" kB")?.parse::<f64>().ok());
    kilobytes.map(|kb| kb * 1024.0).ok_or_else(|| io::Error::other(format!("no {what}")))
}
// ANCHOR_END: rollup

/// Bytes for each of `workers` tasks that sleep.
fn tasks(workers: usize) -> io::Result<f64> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
    let before = bytes("Rss", process::id())?;
    runtime.block_on(async {
        for _ in 0..workers {
            tokio::spawn(tokio::time::sleep(LONG));
        }
        // Now each of them has its turn, and goes to sleep.
        tokio::task::yield_now().await;
    });
    Ok((bytes("Rss", process::id())? - before) / workers as f64)
}

/// Bytes for each of `workers` threads that sleep. They are still there on
/// return: the process is expected to end.
fn threads(workers: usize) -> io::Result<f64> {
    let all_there: &Barrier = Box::leak(Box::new(Barrier::new(workers + 1)));
    let before = bytes("Rss", process::id())?;
    for _ in 0..workers {
        thread::Builder::new().spawn(move || {
            all_there.wait();
            thread::sleep(LONG);
        })?;
    }
    all_there.wait();
    Ok((bytes("Rss", process::id())? - before) / workers as f64)
}

/// Bytes for each of `workers` forked processes, what they cost us included.
fn forks(workers: usize) -> io::Result<f64> {
    let (gate, open) = io::pipe()?;
    let (hall, arrived) = io::pipe()?;
    let before = bytes("Pss", process::id())?;
    let mut children = Vec::new();
    for _ in 0..workers {
        // SAFETY: no other thread is running.
        match unsafe { fork()? } {
            ForkResult::Child => {
                // Else the gate would not open, for we held it ourselves.
                drop(open);
                let _ = nix::unistd::write(&arrived, &[0]);
                let _ = read(&gate, &mut [0]);
                // SAFETY: ends the child at once, without our clean-up code.
                unsafe { _exit(0) }
            }
            ForkResult::Parent { child } => children.push(child),
        }
    }
    (&hall).take(workers as u64).read_to_end(&mut Vec::new())?;
    let held = held(children.iter().map(|child: &Pid| child.as_raw() as u32));
    drop(open);
    for child in children {
        waitpid(child, None)?;
    }
    Ok((held? - before) / workers as f64)
}

/// Bytes for each of `workers` processes that run this program.
fn execs(workers: usize) -> io::Result<f64> {
    let (mut hall, arrived) = io::pipe()?;
    let before = bytes("Pss", process::id())?;
    let this = env::current_exe()?;
    let mut children = Vec::new();
    for _ in 0..workers {
        let mut command = Command::new(&this);
        command.env(ROLE, WAIT).stdin(Stdio::piped()).stdout(arrived.try_clone()?);
        children.push(command.spawn()?);
    }
    (&mut hall).take(workers as u64).read_to_end(&mut Vec::new())?;
    let held = held(children.iter().map(Child::id));
    for mut child in children {
        // This closes its input first.
        child.wait()?;
    }
    Ok((held? - before) / workers as f64)
}

const WAIT: &str = "wait";

/// The life of an exec'd worker: it says that it is there, and waits.
fn wait() -> io::Result<()> {
    nix::unistd::write(io::stdout(), &[0])?;
    io::stdin().read_to_end(&mut Vec::new()).map(drop)
}

/// What we and our children hold together, each shared page counted once.
fn held(children: impl Iterator<Item = u32>) -> io::Result<f64> {
    children.chain([process::id()]).map(|pid| bytes("Pss", pid)).sum()
}
