//! A lock, and children that are made in four ways while a thread holds it.

use std::io::{self, PipeReader, PipeWriter, Read, Write};
use std::os::fd::{AsFd, OwnedFd};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Mutex;

use nix::libc::_exit;
use nix::sys::prctl::set_pdeathsig;
use nix::sys::signal::Signal;
use nix::sys::wait::waitpid;
use nix::unistd::{ForkResult, Pid, fork, read, write};

pub static LOCK: Mutex<()> = Mutex::new(());

/// A process that tries its lock whenever it is asked to.
pub struct Child {
    pub pid: Pid,
    pub questions: PipeWriter,
    pub answers: PipeReader,
}

// ANCHOR: answer
/// The life of a child. For each byte that it reads it tries the lock, and says
/// whether it got it.
///
/// It may be the copy of a process with threads, so it calls nothing that could
/// want a lock of its own: `read`, `write` and `_exit` are system calls, to
/// try a lock is an atomic exchange, and nothing here allocates.
pub fn answer(questions: impl AsFd, answers: impl AsFd) -> ! {
    while read(&questions, &mut [0]) == Ok(1) {
        let got = LOCK.try_lock().is_ok();
        if write(&answers, &[got.into()]) != Ok(1) {
            break;
        }
    }
    // SAFETY: ends the child at once, without the parent's clean-up code.
    unsafe { _exit(0) }
}
// ANCHOR_END: answer

// ANCHOR: fork
/// The child is a copy of this process, made now.
pub fn forked(life: fn(PipeReader, PipeWriter) -> !) -> io::Result<Child> {
    let (their_questions, questions) = io::pipe()?;
    let (answers, their_answers) = io::pipe()?;
    // SAFETY: other threads may be running, and hold any lock there is. The
    // child closes two pipes, which is a system call for each, and then lives
    // a life that argues for itself.
    match unsafe { fork()? } {
        ForkResult::Child => {
            drop((questions, answers));
            life(their_questions, their_answers)
        }
        ForkResult::Parent { child } => Ok(Child { pid: child, questions, answers }),
    }
}
// ANCHOR_END: fork

// ANCHOR: server
/// The life of a server, forked before there were threads. At the first byte
/// it forks the child that answers from then on.
pub fn serve(questions: PipeReader, answers: PipeWriter) -> ! {
    if read(&questions, &mut [0]) == Ok(1) {
        // SAFETY: this process has one thread, and never had another.
        match unsafe { fork() } {
            Ok(ForkResult::Child) => answer(questions, answers),
            Ok(ForkResult::Parent { child }) => {
                drop((questions, answers));
                let _ = waitpid(child, None);
            }
            Err(_) => {}
        }
    }
    // SAFETY: ends the server at once, without the parent's clean-up code.
    unsafe { _exit(0) }
}
// ANCHOR_END: server

// ANCHOR: exec
/// Set for a program that is to answer.
pub const ANSWER: &str = "FORK_HAZARD_ANSWER";

/// The child runs `program`, which is this one, from its beginning.
pub fn execd(program: &Path) -> io::Result<Child> {
    let mut command = Command::new(program);
    let child = command.env(ANSWER, "1").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
    let pid = Pid::from_raw(child.id() as i32);
    let (questions, answers) = child.stdin.zip(child.stdout).expect("both are piped");
    let [questions, answers] = [OwnedFd::from(questions), OwnedFd::from(answers)];
    Ok(Child { pid, questions: questions.into(), answers: answers.into() })
}
// ANCHOR_END: exec

// ANCHOR: print
/// The life of a child that does what `println!` does first: it locks standard
/// output. Wrong by design, for that is no system call.
pub fn print(questions: PipeReader, _answers: PipeWriter) -> ! {
    // Nobody will wake it up, so it must not outlive its parent. The byte tells
    // that the parent has lived to this point.
    let _ = set_pdeathsig(Signal::SIGKILL);
    if read(&questions, &mut [0]) == Ok(1) {
        drop(io::stdout().lock());
    }
    // SAFETY: ends the child at once, without the parent's clean-up code.
    unsafe { _exit(0) }
}
// ANCHOR_END: print

impl Child {
    /// Whether it gets the lock, now.
    pub fn try_lock(&mut self) -> io::Result<bool> {
        self.questions.write_all(&[0])?;
        let mut got = [0];
        self.answers.read_exact(&mut got)?;
        Ok(got == [1])
    }

    /// Asks no more, and waits for its end.
    pub fn end(self) -> io::Result<()> {
        drop(self.questions);
        waitpid(self.pid, None)?;
        Ok(())
    }
}
