//! How can two threads add 100 000 each and not reach 200 000?
//!
//! ```text
//! cargo run --example race_condition
//! cargo run --example race_condition -- --threads 4 --increments 1000000
//! ```
//!
//! Look at the final values of the first variant, and at the claims: what can
//! happen is proved, what did happen is counted.
//! Chapter: `book/races/race_condition.md`.

mod counter;

use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::AtomicU64;

use taking_turns::{Claim, Experiment, Parameter, Quantity, Run, sources};

const THREADS: Parameter =
    Parameter::count("threads", 2, (1, 64), "Threads that share the counter");
const INCREMENTS: Parameter =
    Parameter::count("increments", 100_000, (1, 10_000_000), "Times that each thread adds one")
        .quick(10_000);

const LOAD_STORE: &str = "load, store";
const FETCH_ADD: &str = "fetch_add";
const MUTEX: &str = "mutex";

const FINAL: Quantity = Quantity::count("final value");
const LOST: Quantity = Quantity::share("lost");
const WALL: Quantity = Quantity::seconds("wall time");

/// What the explorer found; `cargo explore race_condition` shows it.
const SCHEDULES: &str = include_str!("schedules.json");

const TWICE: Claim = Claim::possible(
    "twice-each",
    "Two threads that load and store twice each can end at 2, 3 or 4, and nowhere else.",
);
const THREE_TIMES: Claim = Claim::possible(
    "three-times-each",
    "Three times each, they can end anywhere from 2 to 6, and nowhere else.",
);
const ATOMIC_NEVER: Claim =
    Claim::possible("fetch-add-never-loses", "With fetch_add, no schedule loses an update.");
const MUTEX_NEVER: Claim =
    Claim::possible("mutex-never-loses", "With a mutex, no schedule loses an update.");
const ATOMIC_EXACT: Claim = Claim::exact(
    "fetch-add-exact",
    "With fetch_add, every trial ends at the number of increments.",
);
const MUTEX_EXACT: Claim =
    Claim::exact("mutex-exact", "With a mutex, every trial ends at the number of increments.");
const SEEN: Claim = Claim::observed("losses-seen", "With load and store, updates were lost.");

const EXPERIMENT: Experiment = Experiment {
    name: "race_condition",
    question: "How can two threads add 100 000 each and not reach 200 000?",
    chapter: "races/race_condition",
    parameters: &[&THREADS, &INCREMENTS],
    variants: &[LOAD_STORE, FETCH_ADD, MUTEX],
    claims: &[
        &TWICE,
        &THREE_TIMES,
        &ATOMIC_NEVER,
        &MUTEX_NEVER,
        &ATOMIC_EXACT,
        &MUTEX_EXACT,
        &SEEN,
    ],
    trials: 50,
    quick_trials: 10,
    warm_up: true,
    sources: sources!["main.rs", "counter.rs"],
    twin: Some(include_str!("twin.py")),
};

fn main() -> ExitCode {
    EXPERIMENT.main(run)
}

fn run(run: &mut Run) -> anyhow::Result<()> {
    let threads = run.count(&THREADS);
    let increments = run.count(&INCREMENTS);
    let expected = (threads * increments) as f64;

    let load_store = || {
        let counter = AtomicU64::new(0);
        counter::race(&counter, threads, increments, counter::load_then_store);
        counter.into_inner()
    };
    let fetch_add = || {
        let counter = AtomicU64::new(0);
        counter::race(&counter, threads, increments, counter::fetch_add);
        counter.into_inner()
    };
    let mutex = || {
        let counter = Mutex::new(0);
        counter::race(&counter, threads, increments, counter::locked);
        counter.into_inner().unwrap()
    };
    let variants: [(_, &dyn Fn() -> u64); 3] =
        [(LOAD_STORE, &load_store), (FETCH_ADD, &fetch_add), (MUTEX, &mutex)];

    run.trials(|trial| {
        for (variant, race) in variants {
            let (value, spent) = trial.time(variant, race);
            let value = value as f64;
            trial.record(FINAL, variant, value);
            trial.record(LOST, variant, (expected - value) / expected);
            trial.record(WALL, variant, spent.wall);
        }
        Ok(())
    })?;
    run.histogram(FINAL, LOAD_STORE);

    for (claim, scenario, outcomes) in [
        (&TWICE, "load_then_store", &["2", "3", "4"][..]),
        (&THREE_TIMES, "load_then_store_3", &["2", "3", "4", "5", "6"]),
        (&ATOMIC_NEVER, "fetch_add", &["4"]),
        (&MUTEX_NEVER, "locked", &["4"]),
    ] {
        run.possible(claim, (SCHEDULES, scenario), |ways| ways.ends_in(outcomes))?;
    }
    run.every_trial(&ATOMIC_EXACT, (FINAL, FETCH_ADD), |value| value == expected);
    run.every_trial(&MUTEX_EXACT, (FINAL, MUTEX), |value| value == expected);
    let values = run.samples(FINAL, LOAD_STORE);
    let short = values.iter().filter(|&&value| value < expected).count();
    run.observed(&SEEN, format!("{short} of {} trials", values.len()));
    Ok(())
}
