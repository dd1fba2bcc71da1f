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
    claims: &[&ATOMIC_EXACT, &MUTEX_EXACT, &SEEN],
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

    run.every_trial(&ATOMIC_EXACT, (FINAL, FETCH_ADD), |value| value == expected);
    run.every_trial(&MUTEX_EXACT, (FINAL, MUTEX), |value| value == expected);
    let values = run.samples(FINAL, LOAD_STORE);
    let short = values.iter().filter(|&&value| value < expected).count();
    run.observed(&SEEN, format!("{short} of {} trials", values.len()));
    Ok(())
}
