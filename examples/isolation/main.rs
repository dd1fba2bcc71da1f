//! What happens to the parent when a child crashes, or writes to a variable?
//!
//! ```text
//! cargo run --example isolation
//! cargo run --example isolation -- --value 41 --twin
//! ```
//!
//! Look at what the parent reads after a child or a thread has added one, and
//! at the signal that ended the process. Chapter: `book/processes/isolation.md`.

#[cfg(unix)]
mod child;
mod walls;

use std::panic;
use std::process::ExitCode;

#[cfg(unix)]
use anyhow::Context;
#[cfg(unix)]
use nix::sys::{signal::Signal, wait::WaitStatus};
use taking_turns::quantity::Unit;
use taking_turns::{Claim, Experiment, Parameter, Quantity, Run, sources};
use walls::{thread_panics, thread_writes};

const VALUE: Parameter =
    Parameter::count("value", 1, (0, 1_000_000), "The variable before somebody adds one to it");

const CHILD_WRITES: &str = "child writes";
const THREAD_WRITES: &str = "thread writes";
const CHILD_CRASHES: &str = "child crashes";
const THREAD_PANICS: &str = "thread panics";
const THREAD_ABORTS: &str = "thread aborts";

const THEY_READ: Quantity = Quantity::count("worker reads");
const WE_READ: Quantity = Quantity::count("parent reads");
/// The signal that ended the process; 0 if it goes on.
const SIGNAL: Quantity = Quantity::count("signal");
const WALL: Quantity = Quantity::seconds("wall time");

const WRITES_STAY: Claim = Claim::exact(
    "writes-stay",
    "What a child writes stays in the child: at the same address, its parent reads the old value.",
);
const WRITES_SHOW: Claim = Claim::exact(
    "writes-show",
    "What a thread writes, the others read: one address, one variable.",
);
const CRASH_STAYS: Claim = Claim::exact(
    "crash-stays",
    "A child that is killed by SIGSEGV leaves its parent running, and the parent is told.",
);
const PANIC_CAUGHT: Claim =
    Claim::exact("panic-caught", "A thread's panic ends that thread alone; join has its message.");
const ABORT_TAKES_ALL: Claim =
    Claim::exact("abort-takes-all", "A thread's abort ends its whole process, by SIGABRT.");

const EXPERIMENT: Experiment = Experiment {
    name: "isolation",
    question: "What happens to the parent when a child crashes, or writes to a variable?",
    chapter: "processes/isolation",
    parameters: &[&VALUE],
    variants: &[CHILD_WRITES, THREAD_WRITES, THREAD_PANICS, THREAD_ABORTS, CHILD_CRASHES],
    claims: &[&WRITES_STAY, &WRITES_SHOW, &CRASH_STAYS, &PANIC_CAUGHT, &ABORT_TAKES_ALL],
    trials: 20,
    quick_trials: 5,
    warm_up: false,
    sources: sources!["main.rs", "walls.rs", "child.rs"],
    twin: Some(include_str!("twin.py")),
};

fn main() -> ExitCode {
    EXPERIMENT.main(run)
}

fn run(run: &mut Run) -> anyhow::Result<()> {
    let value = run.count(&VALUE);
    let mut verdicts = Vec::new();
    run.trials(|trial| {
        #[cfg(unix)]
        {
            let (looks, spent) = trial.time(CHILD_WRITES, || child::child_writes(value));
            let [theirs, ours] = looks.context("cannot fork")?.map(read);
            let one_address = theirs.1 == ours.1;
            verdicts.push((&WRITES_STAY, one_address && (theirs.0, ours.0) == (value + 1, value)));
            trial.record(THEY_READ, CHILD_WRITES, theirs.0 as f64);
            trial.record(WE_READ, CHILD_WRITES, ours.0 as f64);
            trial.record(WALL, CHILD_WRITES, spent.wall);
        }

        let (looks, spent) = trial.time(THREAD_WRITES, || thread_writes(value));
        let [theirs, ours] = looks.map(read);
        verdicts.push((&WRITES_SHOW, theirs == ours && ours.0 == value + 1));
        trial.record(THEY_READ, THREAD_WRITES, theirs.0 as f64);
        trial.record(WE_READ, THREAD_WRITES, ours.0 as f64);
        trial.record(WALL, THREAD_WRITES, spent.wall);

        // This panic is asked for; its message is read at join, not printed.
        panic::set_hook(Box::new(|_| {}));
        let (joined, spent) = trial.time(THREAD_PANICS, thread_panics);
        let _ = panic::take_hook();
        let message = joined.err().and_then(|message| message.downcast::<&str>().ok());
        verdicts.push((&PANIC_CAUGHT, message.is_some_and(|it| *it == "the thread gave up")));
        trial.record(SIGNAL, THREAD_PANICS, 0.0);
        trial.record(WALL, THREAD_PANICS, spent.wall);

        #[cfg(unix)]
        for (variant, work, claim, wanted) in [
            (THREAD_ABORTS, walls::abort_in_a_thread as fn(), &ABORT_TAKES_ALL, Signal::SIGABRT),
            (CHILD_CRASHES, walls::crash, &CRASH_STAYS, Signal::SIGSEGV),
        ] {
            let (status, spent) = trial.time(variant, || child::in_a_child(work));
            let signal = match status.context("cannot fork")? {
                WaitStatus::Signaled(_, signal, _) => signal as i32,
                _ => 0,
            };
            verdicts.push((claim, signal == wanted as i32));
            trial.record(SIGNAL, variant, signal.into());
            trial.record(WALL, variant, spent.wall);
        }
        Ok(())
    })?;

    for claim in EXPERIMENT.claims {
        let about: Vec<_> = verdicts.iter().filter(|(decided, _)| decided == claim).collect();
        let kept = about.iter().filter(|(_, holds)| *holds).count();
        match about.len() {
            0 => run.untestable(claim, "this system has no fork"),
            all => run.exact(claim, kept == all, format!("{kept} of {}", Unit::trials(all))),
        }
    }
    Ok(())
}

/// The two parts of a look: the value, and its address.
fn read(look: String) -> (u64, String) {
    let (value, address) = look.split_once(" at ").expect("a look has two parts");
    (value.parse().expect("a number"), address.to_owned())
}
