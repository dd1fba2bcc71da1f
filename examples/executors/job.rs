//! A job is data: what is to be done, and on what. A closure could not be sent
//! to another process.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process;

use crate::future::{Failure, Outcome};

// ANCHOR: job
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Job {
    /// Counts the primes below a number.
    Primes(u64),
    /// Panics.
    Panic,
    /// Ends its process by SIGKILL, in the middle of its work.
    Die,
    /// Its result arrives as something else.
    Babble,
}

impl Job {
    pub fn run(self) -> u64 {
        match self {
            Job::Primes(below) => (2..below).filter(|n| is_prime(*n)).count() as u64,
            Job::Panic => panic!("the job gave up"),
            Job::Die => die(),
            Job::Babble => 0,
        }
    }
}
// ANCHOR_END: job

// ANCHOR: attempt
/// Runs a job. A panic ends here, and goes back as a failure.
pub fn attempt(job: Job) -> Outcome {
    // Nothing is left half-changed: a job owns all that it uses.
    catch_unwind(AssertUnwindSafe(|| job.run())).map_err(|panic| {
        let text = panic.downcast_ref::<&str>().copied().map(str::to_owned);
        let text = text.or_else(|| panic.downcast_ref::<String>().cloned());
        Failure::Panicked(text.unwrap_or_default())
    })
}
// ANCHOR_END: attempt

// ANCHOR: bytes
/// A job as bytes: what, and on what.
impl Job {
    pub fn to_bytes(self) -> Vec<u8> {
        match self {
            Job::Primes(below) => [b"n", &below.to_le_bytes()[..]].concat(),
            Job::Panic => b"p".to_vec(),
            Job::Die => b"d".to_vec(),
            Job::Babble => b"b".to_vec(),
        }
    }

    pub fn from_bytes(bytes: &[u8]) -> Option<Job> {
        match bytes {
            [b'n', below @ ..] => Some(Job::Primes(u64::from_le_bytes(below.try_into().ok()?))),
            b"p" => Some(Job::Panic),
            b"d" => Some(Job::Die),
            b"b" => Some(Job::Babble),
            _ => None,
        }
    }
}

/// An outcome as bytes: a result, or what the panic said.
pub fn outcome_to_bytes(outcome: &Outcome) -> Vec<u8> {
    match outcome {
        Ok(result) => [b"=", &result.to_le_bytes()[..]].concat(),
        Err(Failure::Panicked(text)) => [b"!", text.as_bytes()].concat(),
        Err(_) => Vec::new(),
    }
}

pub fn outcome_from_bytes(bytes: &[u8]) -> Outcome {
    let unreadable = || Failure::Unreadable(bytes.to_vec());
    match bytes {
        [b'=', result @ ..] => result.try_into().map(u64::from_le_bytes).map_err(|_| unreadable()),
        [b'!', text @ ..] => Err(Failure::Panicked(String::from_utf8_lossy(text).into_owned())),
        _ => Err(unreadable()),
    }
}
// ANCHOR_END: bytes

fn is_prime(n: u64) -> bool {
    (2..).take_while(|d| d * d <= n).all(|d| n % d != 0)
}

/// The kernel does not ask who sends the signal, or why.
#[cfg(unix)]
fn die() -> ! {
    use nix::sys::signal::{Signal, kill};
    let _ = kill(nix::unistd::getpid(), Signal::SIGKILL);
    process::abort()
}

#[cfg(not(unix))]
fn die() -> ! {
    process::abort()
}
