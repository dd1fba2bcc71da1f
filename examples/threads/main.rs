//! What do threads share?
//!
//! ```text
//! cargo run --example threads
//! cargo run --example threads -- --threads 8 --numbers 10000000 --twin
//! ```
//!
//! Look at the PIDs and TIDs, at the claims about addresses and counters, and
//! at what becomes of the thread that panics.
//! Chapter: `book/threads/threads.md`.

mod sharing;

use std::collections::BTreeSet;
use std::panic;
use std::process::ExitCode;
use std::sync::Arc;

use sharing::Worker;
use taking_turns::quantity::Unit;
use taking_turns::{Claim, Experiment, Parameter, Quantity, Run, sources};

const NUMBERS: Parameter =
    Parameter::count("numbers", 1_000_000, (1_000, 50_000_000), "Numbers to add up");
const THREADS: Parameter =
    Parameter::count("threads", 4, (1, 64), "Threads among which they are divided");

const ALONE: &str = "one thread";
const BORROWED: &str = "borrowed";
const SHARED: &str = "shared";
const COPIED: &str = "copied";
const PANICS: &str = "one panics";

const WALL: Quantity = Quantity::seconds("wall time");
const SUM: Quantity = Quantity::count("sum");
const PIDS: Quantity = Quantity::count("PIDs");
const TIDS: Quantity = Quantity::count("TIDs");
const TOLD: Quantity = Quantity::count("failures told");

const SUMS: Claim =
    Claim::exact("sums", "However the numbers are handed out, the threads' sums add up.");
/// A number is not given to two threads of a trial: the system counts on.
const IDS: Claim =
    Claim::exact("one-process", "There is one PID, and a TID for each thread that was started.");
const IN_PLACE: Claim = Claim::exact(
    "in-place",
    "Borrowed or behind an Arc, the numbers are read where they lie; copies lie elsewhere.",
);
const COUNTERS: Claim = Claim::exact(
    "static-and-own",
    "A static counts the calls of all threads; a thread-local those of its own thread.",
);
const PANIC: Claim = Claim::exact(
    "panic-at-join",
    "A panic ends its own thread alone, and its message is there at join.",
);

const EXPERIMENT: Experiment = Experiment {
    name: "threads",
    question: "What do threads share?",
    chapter: "threads/threads",
    parameters: &[&NUMBERS, &THREADS],
    variants: &[ALONE, BORROWED, SHARED, COPIED, PANICS],
    claims: &[&SUMS, &IDS, &IN_PLACE, &COUNTERS, &PANIC],
    trials: 30,
    quick_trials: 5,
    warm_up: true,
    sources: sources!["main.rs", "sharing.rs"],
    twin: Some(include_str!("twin.py")),
};

/// More TIDs than this do not fit on a line.
const NAMED: usize = 6;

fn main() -> ExitCode {
    EXPERIMENT.main(run)
}

fn run(run: &mut Run) -> anyhow::Result<()> {
    let last = run.count(&NUMBERS);
    let threads = run.count(&THREADS) as usize;
    let numbers: Arc<Vec<u64>> = Arc::new((1..=last).collect());
    let expected = (last * (last + 1) / 2) as f64;

    let alone = || vec![sharing::add_up(&numbers)];
    let borrowed = || sharing::borrowed(&numbers, threads);
    let shared = || sharing::shared(&numbers, threads);
    let copied = || sharing::copied(&numbers, threads);
    let variants: [(_, &dyn Fn() -> Vec<Worker>); 4] =
        [(ALONE, &alone), (BORROWED, &borrowed), (SHARED, &shared), (COPIED, &copied)];

    let mut seen: Vec<(&str, Worker)> = Vec::new();
    let mut messages = Vec::new();
    run.trials(|trial| {
        if trial.index == 0 {
            seen.clear();
            messages.clear();
        }
        for (variant, add_up) in variants {
            let (workers, spent) = trial.time(variant, add_up);
            trial.record(WALL, variant, spent.wall);
            trial.record(SUM, variant, workers.iter().map(|worker| worker.sum).sum::<u64>() as f64);
            trial.record(PIDS, variant, distinct(&workers, |worker| worker.pid));
            trial.record(TIDS, variant, distinct(&workers, |worker| worker.tid));
            seen.extend(workers.into_iter().map(|worker| (variant, worker)));
        }
        let results = quietly(|| sharing::one_panics(&numbers, threads, last));
        let told = results.iter().filter_map(|result| result.as_ref().err());
        trial.record(TOLD, PANICS, told.clone().count() as f64);
        messages.extend(told.cloned());
        // All the others add up to what the last thread's part is short of.
        let finished = results.iter().flatten();
        trial.record(SUM, PANICS, finished.map(|worker| worker.sum).sum::<u64>() as f64);
        Ok(())
    })?;
    for (variant, _) in variants {
        let workers = seen.iter().filter(|(of, _)| *of == variant);
        let started = if variant == ALONE { 1 } else { threads };
        let tids = workers.take(started.min(NAMED)).map(|(_, worker)| worker.tid.to_string());
        let tids = tids.collect::<Vec<_>>().join(" ");
        run.say(&format!("{variant:<10} PID {} TID {tids}", std::process::id()))?;
    }
    run.say("")?;

    let every = |run: &Run, quantity, variant, value: f64| {
        run.samples(quantity, variant).iter().all(|&sample| sample == value)
    };
    let started = [BORROWED, SHARED, COPIED];
    let right = variants.iter().all(|(variant, _)| every(run, SUM, variant, expected));
    let trials = Unit::trials(run.samples(SUM, ALONE).len());
    run.exact(&SUMS, right, format!("{} in {trials}", Unit::Count.format(expected)));

    let own = started
        .iter()
        .all(|variant| every(run, PIDS, variant, 1.0) && every(run, TIDS, variant, threads as f64));
    run.exact(&IDS, own, format!("1 PID, {threads} TIDs in {trials}"));

    let vector = numbers.as_ptr_range();
    let vector = vector.start.addr()..vector.end.addr();
    let in_place =
        seen.iter().all(|(variant, w)| vector.contains(&w.address) == (*variant != COPIED));
    run.exact(&IN_PLACE, in_place, format!("{} addresses compared", seen.len()));

    let calls: BTreeSet<_> = seen.iter().map(|(_, worker)| worker.call).collect();
    let first = seen.iter().filter(|(variant, _)| *variant != ALONE);
    let counted = calls.len() == seen.len() && first.clone().all(|(_, w)| w.own_call == 1);
    let evidence = format!("{} calls; each of {} threads counted 1", calls.len(), first.count());
    run.exact(&COUNTERS, counted, evidence);

    let message = format!("cannot add {last}");
    let told = every(run, TOLD, PANICS, 1.0) && messages.iter().all(|text| *text == message);
    let rest = (1..=last * (threads as u64 - 1) / threads as u64).sum::<u64>() as f64;
    let finished = every(run, SUM, PANICS, rest);
    run.exact(&PANIC, told && finished, format!("\u{201c}{message}\u{201d} in {trials}"));
    Ok(())
}

fn distinct(workers: &[Worker], id: impl Fn(&Worker) -> u64) -> f64 {
    workers.iter().map(id).collect::<BTreeSet<_>>().len() as f64
}

/// The default hook prints every panic, and this one is part of the experiment.
fn quietly<T>(work: impl FnOnce() -> T) -> T {
    let hook = panic::take_hook();
    panic::set_hook(Box::new(|_| {}));
    let result = work();
    panic::set_hook(hook);
    result
}
