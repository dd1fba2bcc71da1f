//! Can two threads each miss the other's write?
//!
//! ```text
//! cargo run --example memory_ordering
//! cargo run --example memory_ordering -- --rounds 1000000
//! ```
//!
//! Look at how often both saw 0, which no order of the four steps explains.
//! Chapter: `book/races/memory_ordering.md`.

mod fenced;
mod harness;
mod litmus;

use std::process::ExitCode;
use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering::{self, Acquire, Relaxed, Release, SeqCst};
use std::thread::available_parallelism;

use harness::race;
use litmus::Litmus;
use taking_turns::quantity::Unit;
use taking_turns::{Claim, Experiment, Parameter, Quantity, Run, sources};

const ROUNDS: Parameter =
    Parameter::count("rounds", 50_000, (100, 1_000_000), "Rounds in each trial").quick(10_000);

const RELAXED: &str = "flags, Relaxed";
const RELEASE_ACQUIRE: &str = "flags, Release/Acquire";
const SEQ_CST: &str = "flags, SeqCst";
const FENCED: &str = "flags, Relaxed and a fence";
const MESSAGE_RELAXED: &str = "message, Relaxed";
const MESSAGE_ACQUIRE: &str = "message, Release/Acquire";

const BOTH_MISSED: Quantity = Quantity::count("both missed");
const STALE: Quantity = Quantity::count("stale");
const ARRIVED: Quantity = Quantity::count("arrived");
const ROUND: Quantity = Quantity::seconds("time of a round");

/// What the explorer found; `cargo explore memory_ordering` shows it.
const SCHEDULES: &str = include_str!("schedules.json");

const CAN_MISS: Claim =
    Claim::possible("relaxed-misses", "With Relaxed, both flags can be missed.");
const STILL_MISS: Claim =
    Claim::possible("release-acquire-misses", "With Release and Acquire, both can be missed too.");
const NO_MISS: Claim =
    Claim::possible("seqcst-sees", "With SeqCst, at least one of them sees the other's flag.");
const CAN_BE_STALE: Claim = Claim::possible(
    "relaxed-stale",
    "With Relaxed, the flag can be seen before the message that was written first.",
);
const NOT_STALE: Claim = Claim::possible(
    "acquire-fresh",
    "With Release and Acquire, whoever sees the flag sees the message.",
);
const NEVER_MISSED: Claim =
    Claim::exact("never-missed", "With SeqCst, or with a SeqCst fence, never did both miss.");
const NEVER_STALE: Claim =
    Claim::exact("never-stale", "With Release and Acquire, no stale message was read.");
const MISSED: Claim = Claim::observed("missed", "With Relaxed, both missed.");
const MISSED_TOO: Claim = Claim::observed("missed-too", "With Release and Acquire, both missed.");
const WAS_STALE: Claim = Claim::observed("stale", "With Relaxed, a stale message was read.");

const EXPERIMENT: Experiment = Experiment {
    name: "memory_ordering",
    question: "Can two threads each miss the other's write?",
    chapter: "races/memory_ordering",
    parameters: &[&ROUNDS],
    variants: &[RELAXED, RELEASE_ACQUIRE, SEQ_CST, FENCED, MESSAGE_RELAXED, MESSAGE_ACQUIRE],
    claims: &[
        &CAN_MISS,
        &STILL_MISS,
        &NO_MISS,
        &CAN_BE_STALE,
        &NOT_STALE,
        &NEVER_MISSED,
        &NEVER_STALE,
        &MISSED,
        &MISSED_TOO,
        &WAS_STALE,
    ],
    trials: 20,
    quick_trials: 5,
    warm_up: false,
    sources: sources!["main.rs", "fenced.rs", "harness.rs", "litmus.rs"],
    twin: Some(include_str!("twin.py")),
};

fn main() -> ExitCode {
    EXPERIMENT.main(run)
}

fn run(run: &mut Run) -> anyhow::Result<()> {
    let rounds = run.count(&ROUNDS) as usize;
    // On one core there is nothing that the other could miss.
    let cores = available_parallelism().map_or(1, |cores| cores.get());

    run.trials(|trial| {
        if cores == 1 {
            return Ok(());
        }
        for (variant, write, read) in [
            (RELAXED, Relaxed, Relaxed),
            (RELEASE_ACQUIRE, Release, Acquire),
            (SEQ_CST, SeqCst, SeqCst),
        ] {
            let (seen, spent) = trial.time(variant, || {
                race(rounds, || litmus(write, read), Litmus::x_then_y, Litmus::y_then_x)
            });
            trial.record(BOTH_MISSED, variant, count(&seen, (0, 0)));
            trial.record(ROUND, variant, spent.wall / rounds as f64);
        }
        let (seen, spent) = trial.time(FENCED, || {
            race(
                rounds,
                || [AtomicU32::new(0), AtomicU32::new(0)],
                |[x, y]| fenced::raise_then_look(x, y),
                |[x, y]| fenced::raise_then_look(y, x),
            )
        });
        trial.record(BOTH_MISSED, FENCED, count(&seen, (0, 0)));
        trial.record(ROUND, FENCED, spent.wall / rounds as f64);
        for (variant, write, read) in
            [(MESSAGE_RELAXED, Relaxed, Relaxed), (MESSAGE_ACQUIRE, Release, Acquire)]
        {
            let (seen, spent) = trial.time(variant, || {
                race(rounds, || litmus(write, read), Litmus::send, Litmus::receive)
            });
            trial.record(STALE, variant, count(&seen, ((), Some(0))));
            trial.record(ARRIVED, variant, count(&seen, ((), Some(42))));
            trial.record(ROUND, variant, spent.wall / rounds as f64);
        }
        Ok(())
    })?;

    for (claim, scenario, outcomes) in [
        (&CAN_MISS, "store_buffer_relaxed", &["0 and 0", "0 and 1", "1 and 0", "1 and 1"][..]),
        (
            &STILL_MISS,
            "store_buffer_release_acquire",
            &["0 and 0", "0 and 1", "1 and 0", "1 and 1"],
        ),
        (&NO_MISS, "store_buffer_seqcst", &["0 and 1", "1 and 0", "1 and 1"]),
        (&CAN_BE_STALE, "message_passing_relaxed", &["not yet", "42", "stale"]),
        (&NOT_STALE, "message_passing_release_acquire", &["not yet", "42"]),
    ] {
        run.possible(claim, (SCHEDULES, scenario), |ways| ways.ends_in(outcomes))?;
    }

    let sum = |run: &Run, quantity, variants: &[&str]| -> (f64, String) {
        let samples: Vec<_> = variants.iter().flat_map(|v| run.samples(quantity, v)).collect();
        let times: f64 = samples.iter().sum();
        let of = samples.len() * rounds;
        (times, format!("{} of {} rounds", grouped(times), grouped(of as f64)))
    };
    for (claim, quantity, variants) in [
        (&NEVER_MISSED, BOTH_MISSED, &[SEQ_CST, FENCED][..]),
        (&NEVER_STALE, STALE, &[MESSAGE_ACQUIRE]),
        (&MISSED, BOTH_MISSED, &[RELAXED]),
        (&MISSED_TOO, BOTH_MISSED, &[RELEASE_ACQUIRE]),
        (&WAS_STALE, STALE, &[MESSAGE_RELAXED]),
    ] {
        let (times, evidence) = sum(run, quantity, variants);
        if cores == 1 {
            run.untestable(claim, "two cores needed, 1 here");
        } else if claim == &MISSED || claim == &MISSED_TOO || claim == &WAS_STALE {
            run.observed(claim, evidence);
        } else {
            run.exact(claim, times == 0.0, evidence);
        }
    }
    Ok(())
}

fn litmus(write: Ordering, read: Ordering) -> Litmus {
    Litmus { x: AtomicU32::new(0), y: AtomicU32::new(0), write, read }
}

/// How often both sides saw just this.
fn count<A: PartialEq, B: PartialEq>(seen: &[(A, B)], wanted: (A, B)) -> f64 {
    seen.iter().filter(|&seen| *seen == wanted).count() as f64
}

fn grouped(count: f64) -> String {
    Unit::Count.format(count)
}
