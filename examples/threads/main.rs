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
            trial.record(SUM, variant, sum(&workers));
            trial.record(PIDS, variant, distinct(&workers, |worker| worker.pid));
            trial.record(TIDS, variant, distinct(&workers, |worker| worker.tid));
            seen.extend(workers.into_iter().map(|worker| (variant, worker)));
        }
        let results = quietly(|| sharing::one_panics(&numbers, threads, last));
        let told: Vec<_> = results.iter().filter_map(|result| result.clone().err()).collect();
        let finished: Vec<_> = results.into_iter().flatten().collect();
        trial.record(TOLD, PANICS, told.len() as f64);
        trial.record(SUM, PANICS, sum(&finished));
        messages.push(told);
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

    let kept = |run: &Run, quantity, variants: &[&str], value: f64| {
        let samples: Vec<_> = variants.iter().flat_map(|v| run.samples(quantity, v)).collect();
        (samples.iter().filter(|&&sample| sample == value).count(), samples.len())
    };
    let started = [BORROWED, SHARED, COPIED];

    let (right, sums) = kept(run, SUM, &[ALONE, BORROWED, SHARED, COPIED], expected);
    let expected = Unit::Count.format(expected);
    run.exact(&SUMS, right == sums, format!("{right} of {sums} sums are {expected}"));

    let (pids, times) = kept(run, PIDS, &started, 1.0);
    let (tids, _) = kept(run, TIDS, &started, threads as f64);
    let evidence = format!("1 PID {pids} times, {threads} TIDs {tids} times, of {times}");
    run.exact(&IDS, pids == times && tids == times, evidence);

    let vector = numbers.as_ptr_range();
    let within = |w: &Worker| (vector.start.addr()..vector.end.addr()).contains(&w.address);
    let placed = seen.iter().filter(|(variant, w)| within(w) == (*variant != COPIED));
    let (placed, all) = (placed.count(), seen.len());
    run.exact(&IN_PLACE, placed == all, format!("{placed} of {all} addresses"));

    let calls = seen.iter().map(|(_, worker)| worker.call).collect::<BTreeSet<_>>().len();
    let fresh = seen.iter().filter(|(variant, _)| *variant != ALONE);
    let (first, fresh) = (fresh.clone().filter(|(_, w)| w.own_call == 1).count(), fresh.count());
    let evidence = format!("{calls} of {all} calls; {first} of {fresh} threads counted 1");
    run.exact(&COUNTERS, calls == all && first == fresh, evidence);

    let message = format!("cannot add {last}");
    let told = messages.iter().filter(|told| **told == [message.as_str()]).count();
    // The last thread panicked; the others had all numbers before its part.
    let before = last * (threads as u64 - 1) / threads as u64;
    let (rest, trials) = kept(run, SUM, &[PANICS], (1..=before).sum::<u64>() as f64);
    let evidence = format!("\u{201c}{message}\u{201d} in {told} of {}", Unit::trials(trials));
    run.exact(&PANIC, told == trials && rest == trials, evidence);
    Ok(())
}

fn sum(workers: &[Worker]) -> f64 {
    workers.iter().map(|worker| worker.sum).sum::<u64>() as f64
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
