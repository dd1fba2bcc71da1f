//! What becomes of the children while a thread holds the lock, and afterwards.

use std::io::{self, Write};
use std::path::Path;
use std::sync::mpsc;
use std::time::Instant;
use std::{fs, thread};

use nix::sys::signal::{Signal, kill};
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::Pid;
use taking_turns::{Lane, State};

use crate::hazard::{Child, LOCK, answer, execd, forked, print, serve};
use crate::{EXEC, FIRST, FORK, PRINT, SERVER};

/// How often a child tries once the lock has been released.
pub const TRIES: usize = 100;

/// What was seen of one child.
pub struct Life {
    pub variant: &'static str,
    pub threads: usize,
    /// Whether it got the lock while our thread held ours.
    pub while_held: bool,
    /// How many of [`TRIES`] got it afterwards.
    pub after: usize,
    /// From asking for the child to its first answer, in seconds.
    pub start: f64,
    spans: Vec<(f64, f64, State)>,
}

pub struct Story {
    pub lives: Vec<Life>,
    held: (f64, f64),
    /// Whether we got the lock, while it was held and afterwards.
    pub ours: (bool, bool),
}

/// Makes children in four ways and asks them, before and after the release.
pub fn tell(program: &Path) -> io::Result<Story> {
    let clock = Instant::now();
    let now = || clock.elapsed().as_secs_f64();
    // ANCHOR: order
    let first = forked(answer)?;
    let mut server = forked(serve)?;

    let (say, held) = mpsc::channel();
    let (release, released) = mpsc::channel::<()>();
    let holder = thread::spawn(move || {
        let _guard = LOCK.lock();
        let _ = say.send(());
        // Until `release` is dropped.
        let _ = released.recv();
    });
    let _ = held.recv();

    let late = forked(answer)?;
    // ANCHOR_END: order
    let held_from = now();
    let mut lives = Vec::new();
    let mut ask = |variant, began: f64, mut child: Child| {
        let while_held = child.try_lock()?;
        let answered = now();
        let threads = fs::read_dir(format!("/proc/{}/task", child.pid))?.count();
        let (start, spans) = (answered - began, vec![(began, answered, State::Running)]);
        lives.push(Life { variant, threads, while_held, after: 0, start, spans });
        io::Result::Ok(child)
    };
    // The last first: a child has copies of the pipes of those before it, and
    // would keep them from their end.
    let mut children = vec![ask(FORK, held_from, late)?];
    let began = now();
    server.questions.write_all(&[0])?;
    children.push(ask(SERVER, began, server)?);
    children.push(ask(FIRST, now(), first)?);
    children.push(ask(EXEC, now(), execd(program)?)?);

    let while_held = LOCK.try_lock().is_ok();
    drop(release);
    let _ = holder.join();
    let held = (held_from, now());
    let ours = (while_held, LOCK.try_lock().is_ok());
    for (mut child, life) in children.into_iter().zip(&mut lives) {
        let asked = now();
        for _ in 0..TRIES {
            life.after += usize::from(child.try_lock()?);
        }
        child.end()?;
        let answered = life.spans[0].1;
        life.spans.extend(match life.after {
            0 => vec![(answered, now(), State::Blocked)],
            _ => vec![(answered, asked, State::Waiting), (asked, now(), State::Running)],
        });
    }
    Ok(Story { lives, held, ours })
}

/// A thread holds standard output, a child wants it, the thread lets go.
pub fn print_in_a_child() -> io::Result<Life> {
    let (say, held) = mpsc::channel();
    let (release, released) = mpsc::channel::<()>();
    let holder = thread::spawn(move || {
        let _guard = io::stdout().lock();
        let _ = say.send(());
        let _ = released.recv();
    });
    let _ = held.recv();
    let began = Instant::now();
    let Child { pid: child, mut questions, .. } = forked(print)?;
    questions.write_all(&[0])?;
    let alive = || -> io::Result<bool> {
        Ok(waitpid(child, Some(WaitPidFlag::WNOHANG))? == WaitStatus::StillAlive)
    };
    // Now that it has its byte, it sleeps for one thing alone.
    while alive()? && !asleep(child)? {
        thread::yield_now();
    }
    let (start, while_held) = (began.elapsed().as_secs_f64(), !alive()?);
    drop(release);
    let _ = holder.join();
    // We could print now. It sleeps on.
    drop(io::stdout().lock());
    let threads = fs::read_dir(format!("/proc/{child}/task"))?.count();
    let after = usize::from(!(alive()? && asleep(child)?));
    if alive()? {
        kill(child, Signal::SIGKILL)?;
        waitpid(child, None)?;
    }
    Ok(Life { variant: PRINT, threads, while_held, after, start, spans: Vec::new() })
}

/// Whether the kernel has it asleep until something happens.
fn asleep(pid: Pid) -> io::Result<bool> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat"))?;
    Ok(stat.rsplit_once(") ").is_some_and(|(_, rest)| rest.starts_with('S')))
}

impl Story {
    /// The thread that holds the lock, and a lane for each child.
    pub fn lanes(&self) -> impl Iterator<Item = Lane> {
        let lane = |variant: &str, name: &str, spans: &[_]| Lane {
            variant: variant.to_owned(),
            name: name.to_owned(),
            spans: spans.to_vec(),
        };
        let holder = lane("ours", "thread", &[(self.held.0, self.held.1, State::Running)]);
        let drawn = self.lives.iter().filter(|life| !life.spans.is_empty());
        let children = drawn.map(move |life| lane(life.variant, "child", &life.spans));
        [holder].into_iter().chain(children)
    }
}
