//! What else is there besides a lock?
//!
//! ```text
//! cargo run --example coordination
//! cargo run --example coordination -- --workers 16 --permits 3 --twin
//! ```
//!
//! Each of these makes a promise. Look at how often it was put to the test and
//! how often it was broken, and at what the explorer says of `if` and `while`.
//! Chapter: `book/races/coordination.md`.

// Only the explorer runs what is wrong in these two.
#[allow(dead_code)]
mod bakery;
#[allow(dead_code)]
mod event;
mod in_tokio;
mod promises;
mod semaphore;

use std::process::ExitCode;

use promises::Tally;
use taking_turns::quantity::Unit;
use taking_turns::{Claim, Experiment, Parameter, Quantity, Run, Trial, sources};
use tokio::runtime::Builder;

const WORKERS: Parameter =
    Parameter::count("workers", 6, (2, 64), "Threads, or tasks, that meet each other");
const ROUNDS: Parameter =
    Parameter::count("rounds", 200, (1, 100_000), "Times that each of them does so").quick(50);
const PERMITS: Parameter =
    Parameter::count("permits", 2, (1, 64), "How many the semaphore lets inside");

const NOTHING: &str = "nobody at the door";
const SEMAPHORE: &str = "semaphore";
const EVENT: &str = "event";
const CONDITION: &str = "condition";
const BARRIER: &str = "barrier";
const ONCE: &str = "once";
const TOKIO_SEMAPHORE: &str = "tokio's semaphore";
const TOKIO_BARRIER: &str = "tokio's barrier";
const TOKIO_ONCE: &str = "tokio's once";

const LOOKED: Quantity = Quantity::count("looked");
const BROKEN: Quantity = Quantity::count("broken");
const EACH: Quantity = Quantity::seconds("time for each look");

/// What the explorer found; `cargo explore coordination` shows it.
const SCHEDULES: &str = include_str!("schedules.json");

const IF: Claim = Claim::possible("if", "A buyer who looks once can leave without a loaf.");
const WHILE: Claim =
    Claim::possible("while", "Buyers who look again after waking get theirs, in every schedule.");
const BELL: Claim = Claim::possible("bell", "Who waits for a bell that has rung waits for ever.");
const PASSES: Claim = Claim::possible("event", "Who waits for an event passes, in every schedule.");
const TWO_INSIDE: Claim =
    Claim::possible("semaphore", "Of three, never more than two have one of two permits.");
const NEVER_MORE: Claim =
    Claim::exact("never-more", "Never are more inside a semaphore than it has permits.");
const NOT_BEFORE: Claim = Claim::exact("not-before", "Nobody passes before an event is set.");
const EVERY_LOAF: Claim =
    Claim::exact("every-loaf", "Every buyer gets a loaf, and as many are bought as were baked.");
const LAST: Claim =
    Claim::exact("last-arrived", "Nobody leaves a barrier before the last has arrived.");
const ONE_MAKES: Claim =
    Claim::exact("one-makes", "One worker initialises, and all see what it made.");
/// What a test that finds nothing broken would miss if it never could.
const CROWDED: Claim =
    Claim::observed("crowded", "With nobody at the door, more were inside than should be.");

const EXPERIMENT: Experiment = Experiment {
    name: "coordination",
    question: "What else is there besides a lock?",
    chapter: "races/coordination",
    parameters: &[&WORKERS, &ROUNDS, &PERMITS],
    variants: &[
        NOTHING,
        SEMAPHORE,
        EVENT,
        CONDITION,
        BARRIER,
        ONCE,
        TOKIO_SEMAPHORE,
        TOKIO_BARRIER,
        TOKIO_ONCE,
    ],
    claims: &[
        &IF,
        &WHILE,
        &BELL,
        &PASSES,
        &TWO_INSIDE,
        &NEVER_MORE,
        &NOT_BEFORE,
        &EVERY_LOAF,
        &LAST,
        &ONE_MAKES,
        &CROWDED,
    ],
    trials: 20,
    quick_trials: 5,
    warm_up: false,
    sources: sources![
        "main.rs",
        "bakery.rs",
        "event.rs",
        "in_tokio.rs",
        "promises.rs",
        "semaphore.rs"
    ],
    twin: Some(include_str!("twin.py")),
};

fn main() -> ExitCode {
    EXPERIMENT.main(run)
}

fn run(run: &mut Run) -> anyhow::Result<()> {
    let workers = run.count(&WORKERS) as usize;
    let rounds = run.count(&ROUNDS) as usize;
    let permits = run.count(&PERMITS) as usize;
    let runtime = Builder::new_multi_thread().worker_threads(2).build()?;

    run.trials(|trial| {
        record(trial, NOTHING, || promises::crowd(workers, rounds, permits));
        record(trial, SEMAPHORE, || promises::semaphore(workers, rounds, permits));
        record(trial, EVENT, || promises::event(workers, rounds));
        record(trial, CONDITION, || promises::condition(workers, rounds));
        record(trial, BARRIER, || promises::barrier(workers, rounds));
        record(trial, ONCE, || promises::once(workers, rounds));
        record(trial, TOKIO_SEMAPHORE, || {
            runtime.block_on(in_tokio::semaphore(workers, rounds, permits))
        });
        record(trial, TOKIO_BARRIER, || runtime.block_on(in_tokio::barrier(workers, rounds)));
        record(trial, TOKIO_ONCE, || runtime.block_on(in_tokio::once(workers, rounds)));
        Ok(())
    })?;

    for (claim, scenario, outcomes) in [
        (&IF, "if", &["both bought", "a buyer left without"][..]),
        (&WHILE, "while", &["both bought"]),
        (&BELL, "bell", &["heard", "deadlock"]),
        (&PASSES, "event", &["passed"]),
        (&TWO_INSIDE, "semaphore", &["two inside at most"]),
    ] {
        run.possible(claim, (SCHEDULES, scenario), |ways| ways.ends_in(outcomes))?;
    }
    for (claim, variants) in [
        (&NEVER_MORE, &[SEMAPHORE, TOKIO_SEMAPHORE][..]),
        (&NOT_BEFORE, &[EVENT]),
        (&EVERY_LOAF, &[CONDITION]),
        (&LAST, &[BARRIER, TOKIO_BARRIER]),
        (&ONE_MAKES, &[ONCE, TOKIO_ONCE]),
    ] {
        let sum = |quantity| -> f64 {
            variants.iter().flat_map(|variant| run.samples(quantity, variant)).sum()
        };
        let (looked, broken) = (sum(LOOKED), sum(BROKEN));
        let looked = Unit::Count.format(looked);
        run.exact(claim, broken == 0.0, format!("broken {broken} times, looked {looked} times"));
    }
    let broken: f64 = run.samples(BROKEN, NOTHING).iter().sum();
    let looked: f64 = run.samples(LOOKED, NOTHING).iter().sum();
    let [broken, looked] = [broken, looked].map(|count| Unit::Count.format(count));
    run.observed(&CROWDED, format!("{broken} times of {looked}"));
    Ok(())
}

fn record(trial: &mut Trial, variant: &'static str, test: impl FnOnce() -> Tally) {
    let (tally, spent) = trial.time(variant, test);
    let [looked, broken] = [tally.looked, tally.broken].map(|count| count.into_inner() as f64);
    trial.record(LOOKED, variant, looked);
    trial.record(BROKEN, variant, broken);
    trial.record(EACH, variant, spent.wall / looked);
}
