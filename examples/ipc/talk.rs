//! What two processes do at the ends of a line, whatever the line is.

use std::io::{self, Error, ErrorKind};

use nix::libc::_exit;
use nix::sys::signal::{Signal, kill};
use nix::sys::wait::{WaitStatus, waitpid};
use nix::unistd::{ForkResult, Pid, fork, getpid, getppid};

// ANCHOR: line
/// One end of a line that carries messages of one size, both ways.
pub trait Line {
    /// Returns when the message is on its way, and may be changed.
    fn send(&mut self, message: &[u8]) -> io::Result<()>;

    /// Waits for the next message.
    fn receive(&mut self) -> io::Result<&[u8]>;
}
// ANCHOR_END: line

/// Both ends of a line, and how to make it for messages of a size.
pub type Ends = (Box<dyn Line>, Box<dyn Line>);
pub type Open = fn(usize) -> io::Result<Ends>;

// ANCHOR: with_a_child
/// Lets a child have the other end, and waits for it, whatever happens.
pub fn with_a_child<T>(
    (mut ours, mut theirs): Ends,
    they_do: impl FnOnce(&mut dyn Line) -> io::Result<()>,
    we_do: impl FnOnce(&mut dyn Line) -> io::Result<T>,
) -> io::Result<T> {
    let parent = getpid();
    // SAFETY: no other thread is running.
    match unsafe { fork()? } {
        ForkResult::Child => {
            drop(ours);
            let done = end_with(parent).and_then(|()| they_do(&mut *theirs));
            // SAFETY: ends the child at once, without our clean-up code.
            unsafe { _exit(done.is_err().into()) }
        }
        ForkResult::Parent { child } => {
            drop(theirs);
            let done = we_do(&mut *ours);
            if done.is_err() {
                kill(child, Signal::SIGKILL)?;
            }
            match waitpid(child, None)? {
                WaitStatus::Exited(_, 0) => done,
                _ if done.as_ref().is_err_and(|error| error.kind() == ErrorKind::TimedOut) => done,
                _ => Err(Error::other("the other process has ended")),
            }
        }
    }
}
// ANCHOR_END: with_a_child

// ANCHOR: bytes
/// Messages of one size. All have the same bytes behind their first eight,
/// which hold a number.
pub struct Message(Vec<u8>);

impl Message {
    pub fn new(size: usize) -> Message {
        // 251 is prime: no page of it looks like the page before.
        Message((0..size).map(|place| (place % 251) as u8).collect())
    }

    pub fn numbered(&mut self, number: u64) -> &[u8] {
        self.0[..8].copy_from_slice(&number.to_le_bytes());
        &self.0
    }

    /// Whether every byte of `arrived` is as it was sent.
    pub fn is(&mut self, arrived: &[u8], number: u64) -> bool {
        self.numbered(number) == arrived
    }
}

/// Four running sums, each over every fourth word and each depending on the
/// order of its words, folded into one.
pub fn checksum(bytes: &[u8]) -> u64 {
    let mut sums = [0_u64; 4];
    for block in bytes.chunks_exact(32) {
        for (sum, word) in sums.iter_mut().zip(block.chunks_exact(8)) {
            let word = u64::from_le_bytes(word.try_into().expect("eight bytes"));
            *sum = sum.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(word);
        }
    }
    sums.into_iter().fold(0, |all, sum| (all ^ sum).wrapping_mul(0x9e37_79b9_7f4a_7c15))
}
// ANCHOR_END: bytes

// ANCHOR: answer
/// Answers so many messages, each with one of the same size that holds the
/// checksum of what arrived.
pub fn answer(line: &mut dyn Line, message: &mut Message, rounds: usize) -> io::Result<()> {
    for _ in 0..rounds {
        let sum = checksum(line.receive()?);
        line.send(message.numbered(sum))?;
    }
    Ok(())
}

/// Asks so many times, and counts the answers that are as they must be.
pub fn ask(
    line: &mut dyn Line,
    question: &mut Message,
    answer: &mut Message,
    rounds: usize,
) -> io::Result<usize> {
    let mut right = 0;
    for round in 0..rounds {
        let sent = question.numbered(round as u64);
        line.send(sent)?;
        right += usize::from(answer.is(line.receive()?, checksum(sent)));
    }
    Ok(right)
}
// ANCHOR_END: answer

// ANCHOR: pour
/// When it is told to, sends so many messages, one after another.
pub fn pour(line: &mut dyn Line, message: &mut Message, count: usize) -> io::Result<()> {
    line.receive()?;
    (0..count).try_for_each(|number| line.send(message.numbered(number as u64)))
}

/// Asks for so many, and counts those that arrive as they were sent.
pub fn collect(line: &mut dyn Line, message: &mut Message, count: usize) -> io::Result<usize> {
    line.send(message.numbered(count as u64))?;
    let mut right = 0;
    for number in 0..count {
        right += usize::from(message.is(line.receive()?, number as u64));
    }
    Ok(right)
}
// ANCHOR_END: pour

/// A child that waits at a line which does not tell of its parent's end is
/// ended with it.
fn end_with(parent: Pid) -> io::Result<()> {
    #[cfg(target_os = "linux")]
    nix::sys::prctl::set_pdeathsig(Signal::SIGKILL)?;
    // It may have ended before we could ask for that.
    if getppid() == parent { Ok(()) } else { Err(ErrorKind::BrokenPipe.into()) }
}
