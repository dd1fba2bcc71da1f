//! The threads of a program: under one lock, under none, or each with an
//! interpreter of its own.

use std::sync::atomic::AtomicI64;
use std::thread;
use std::time::{Duration, Instant};

use super::eval::{self, Fault, Turns};
use super::gil::Gil;
use super::program::Program;

/// How to run a program, given the number that its `main` may want and the
/// switch interval.
pub type Way = fn(&Program, i64, Duration) -> Result<End, Fault>;

/// What a program leaves behind: its threads, and its globals in their order.
/// Where each thread has globals of its own, theirs one after the other.
#[derive(Clone, Debug)]
pub struct End {
    pub threads: Vec<Thread>,
    pub globals: Vec<i64>,
}

/// What a thread leaves behind.
#[derive(Clone, Debug)]
pub struct Thread {
    pub result: i64,
    pub spans: Vec<(Instant, Instant, Doing)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doing {
    Running,
    Sleeping,
    WantingTheLock,
}

// ANCHOR: ways
/// One interpreter, and one lock for all its threads.
pub fn one_lock(program: &Program, number: i64, interval: Duration) -> Result<End, Fault> {
    one_interpreter::<SINCE_3_10>(program, number, Some(&Gil::new(interval)))
}

/// One interpreter, and no lock.
pub fn no_lock(program: &Program, number: i64, _: Duration) -> Result<End, Fault> {
    one_interpreter::<SINCE_3_10>(program, number, None)
}

/// An interpreter for each thread, and a lock for each: nothing is shared.
pub fn own_locks(program: &Program, number: i64, interval: Duration) -> Result<End, Fault> {
    let interpreters: Vec<_> =
        (0..program.threads).map(|_| (program.globals(), Gil::new(interval))).collect();
    let threads = thread::scope(|scope| {
        let threads: Vec<_> = (interpreters.iter())
            .map(|(globals, gil)| {
                scope.spawn(|| one_thread::<SINCE_3_10>(program, number, globals, Some(gil)))
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    end(threads, interpreters.into_iter().flat_map(|(globals, _)| globals))
}
// ANCHOR_END: ways

/// As [`one_lock`], but the holder looks before every instruction whether it
/// is asked for the lock.
pub fn one_lock_3_9(program: &Program, number: i64, interval: Duration) -> Result<End, Fault> {
    one_interpreter::<UNTIL_3_9>(program, number, Some(&Gil::new(interval)))
}

/// What the threads would do, done one after another by a single one.
pub fn one_by_one(program: &Program, number: i64, interval: Duration) -> Result<End, Fault> {
    let (globals, gil) = (program.globals(), Gil::new(interval));
    let turns = || one_thread::<SINCE_3_10>(program, number, &globals, Some(&gil));
    let thread = || (0..program.threads).map(|_| turns()).collect();
    let threads = thread::scope(|scope| scope.spawn(thread).join().unwrap());
    end(threads, globals)
}

// ANCHOR: one_interpreter
/// The threads of an interpreter share its globals.
fn one_interpreter<const LOOKS: bool>(
    program: &Program,
    number: i64,
    gil: Option<&Gil>,
) -> Result<End, Fault> {
    let globals = program.globals();
    let threads = thread::scope(|scope| {
        let threads: Vec<_> = (0..program.threads)
            .map(|_| scope.spawn(|| one_thread::<LOOKS>(program, number, &globals, gil)))
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    end(threads, globals)
}

/// Runs `main` on this thread. Never inlined: ways that are compared run the
/// same machine code.
#[inline(never)]
fn one_thread<const LOOKS: bool>(
    program: &Program,
    number: i64,
    globals: &[AtomicI64],
    gil: Option<&Gil>,
) -> Result<Thread, Fault> {
    let mut turn = Turn::<LOOKS>::first(gil);
    let arguments = &[number][..program.functions[program.main].parameters];
    let result = eval::run(program, globals, arguments, &mut turn)?;
    Ok(Thread { result, spans: turn.last() })
}
// ANCHOR_END: one_interpreter

fn end(
    threads: Vec<Result<Thread, Fault>>,
    globals: impl IntoIterator<Item = AtomicI64>,
) -> Result<End, Fault> {
    let threads = threads.into_iter().collect::<Result<_, _>>()?;
    Ok(End { threads, globals: globals.into_iter().map(AtomicI64::into_inner).collect() })
}

impl Program {
    fn globals(&self) -> Vec<AtomicI64> {
        self.globals.iter().map(|_| AtomicI64::new(0)).collect()
    }
}

/// Where the holder looks whether it is asked for the lock.
const UNTIL_3_9: bool = true;
const SINCE_3_10: bool = false;

/// A thread's turns under a lock, if there is one, and when it had them.
struct Turn<'gil, const LOOKS: bool> {
    gil: Option<&'gil Gil>,
    spans: Vec<(Instant, Instant, Doing)>,
    since: Instant,
}

// ANCHOR: turn
impl<const LOOKS: bool> Turns for Turn<'_, LOOKS> {
    #[inline]
    fn at_instruction(&mut self) {
        if LOOKS == UNTIL_3_9 {
            self.look();
        }
    }

    #[inline]
    fn at_call_or_jump_back(&mut self) {
        if LOOKS == SINCE_3_10 {
            self.look();
        }
    }

    fn sleep(&mut self, time: Duration) {
        self.was(Doing::Running);
        if let Some(gil) = self.gil {
            gil.release();
        }
        thread::sleep(time);
        self.was(Doing::Sleeping);
        if let Some(gil) = self.gil {
            gil.take();
            self.was(Doing::WantingTheLock);
        }
    }
}
// ANCHOR_END: turn

impl<'gil, const LOOKS: bool> Turn<'gil, LOOKS> {
    fn first(gil: Option<&'gil Gil>) -> Self {
        let mut turn = Turn { gil, spans: Vec::new(), since: Instant::now() };
        if let Some(gil) = gil {
            gil.take();
            turn.was(Doing::WantingTheLock);
        }
        turn
    }

    #[inline]
    fn look(&mut self) {
        if let Some(gil) = self.gil
            && gil.asked()
        {
            self.was(Doing::Running);
            gil.hand_over();
            self.was(Doing::WantingTheLock);
        }
    }

    /// Notes what the thread has done since it last did something else.
    #[cold]
    fn was(&mut self, doing: Doing) {
        let now = Instant::now();
        self.spans.push((self.since, now, doing));
        self.since = now;
    }

    fn last(mut self) -> Vec<(Instant, Instant, Doing)> {
        self.was(Doing::Running);
        std::mem::take(&mut self.spans)
    }
}

/// A thread lets go when it ends, and also when it fails.
impl<const LOOKS: bool> Drop for Turn<'_, LOOKS> {
    fn drop(&mut self) {
        if let Some(gil) = self.gil {
            gil.release();
        }
    }
}
