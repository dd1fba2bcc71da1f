//! Who decides when a thread stops?
//!
//! ```text
//! cargo run --example preemption
//! cargo run --example preemption -- --threads 5 --time 1000 --twin
//! ```
//!
//! Look at the timeline: no thread ever stops of its own accord, and yet on one
//! core they take turns. Then look at how long a turn is.
//! Chapter: `book/one_thing/preemption.md`.

mod turns;

use std::process::ExitCode;
use std::time::Duration;

use taking_turns::quantity::Unit;
use taking_turns::statistics::median;
use taking_turns::{Bound, Claim, Experiment, Lane, Parameter, Quantity, Run, State, sources};
use turns::{Turn, together};

const THREADS: Parameter =
    Parameter::count("threads", 3, (2, 16), "Threads that look at the clock");
/// Many times the longest turn that we know of, on any system.
const TIME: Parameter =
    Parameter::count("time", 400, (200, 10_000), "How long each of them looks at it")
        .unit("ms")
        .quick(200);

const ONE: &str = "one core";
const ALL: &str = "all cores";

const TURNS: Quantity = Quantity::count("turns of a thread");
const TURN: Quantity = Quantity::seconds("length of a turn");
const RAN: Quantity = Quantity::seconds("all turns");
const OVERLAP: Quantity = Quantity::seconds("overlap");
const LEAST: Quantity = Quantity::share("least share");
const MOST: Quantity = Quantity::share("largest share");
const TAKEN: Quantity = Quantity::count("taken away");
const GIVEN: Quantity = Quantity::count("given up");

const INTERRUPTED: Claim = Claim::exact(
    "interrupted",
    "On one core every thread is interrupted in the middle of its work.",
);
const ONE_AT_A_TIME: Claim = Claim::robust(
    "one-at-a-time",
    "On one core turns do not overlap: by 1 % of their length at most, which is clock noise.",
);
const FAIR: Claim = Claim::robust(
    "fair",
    "On one core, the thread that runs least runs at least half as long as the one that runs most.",
);
const LENGTH: Claim = Claim::observed("length", "On one core, half of all turns are this long.");
const COUNTED: Claim = Claim::observed(
    "counted",
    "The system's own count of switches that it forced, beside the jumps that the threads saw.",
);

const EXPERIMENT: Experiment = Experiment {
    name: "preemption",
    question: "Who decides when a thread stops?",
    chapter: "one_thing/preemption",
    parameters: &[&THREADS, &TIME],
    variants: &[ONE, ALL],
    claims: &[&INTERRUPTED, &ONE_AT_A_TIME, &FAIR, &LENGTH, &COUNTED],
    trials: 5,
    quick_trials: 3,
    warm_up: true,
    sources: sources!["main.rs", "turns.rs"],
    twin: Some(include_str!("twin.py")),
};

/// As much of a run as can be drawn.
const DRAWN: Duration = Duration::from_millis(60);

fn main() -> ExitCode {
    EXPERIMENT.main(run)
}

fn run(run: &mut Run) -> anyhow::Result<()> {
    let threads = run.count(&THREADS) as usize;
    let time = Duration::from_millis(run.count(&TIME));

    type Look<'a> = &'a dyn Fn() -> anyhow::Result<Vec<Vec<Turn>>>;
    let variants: &[(&'static str, Look)] = &[
        #[cfg(target_os = "linux")]
        (ONE, &|| Ok(turns::on_one_core(|| together(threads, time))?)),
        (ALL, &|| Ok(together(threads, time))),
    ];

    let mut on_one_core: Vec<Vec<Turn>> = Vec::new();
    let mut lanes = Vec::new();
    run.trials(|trial| {
        if trial.index == 0 {
            on_one_core.clear();
        }
        lanes.clear();
        for &(variant, look) in variants {
            let (seen, spent) = trial.time(variant, look);
            let seen = seen?;
            let shares = seen.iter().map(|turns| ran(turns) / spent.wall);
            let turns: Vec<f64> = seen.iter().map(|turns| turns.len() as f64).collect();
            trial.record(TURNS, variant, median(&turns));
            trial.record(TURN, variant, median(&lengths(&seen)));
            trial.record(RAN, variant, seen.iter().map(|turns| ran(turns)).sum());
            trial.record(OVERLAP, variant, overlap(&seen));
            trial.record(LEAST, variant, shares.clone().fold(f64::INFINITY, f64::min));
            trial.record(MOST, variant, shares.fold(0.0, f64::max));
            if let Some(usage) = spent.usage {
                trial.record(TAKEN, variant, usage.involuntary_switches);
                trial.record(GIVEN, variant, usage.voluntary_switches);
            }
            lanes.extend(seen.iter().zip(1..).map(|(turns, n)| lane(variant, n, turns, time / 2)));
            if variant == ONE {
                on_one_core.extend(seen);
            }
        }
        Ok(())
    })?;
    run.lanes(lanes);

    if on_one_core.is_empty() {
        for claim in [INTERRUPTED, ONE_AT_A_TIME, FAIR, LENGTH, COUNTED] {
            run.untestable(&claim, "this system does not keep a program on one core");
        }
        return Ok(());
    }

    let jumps = || on_one_core.iter().map(|turns| turns.len() - 1);
    let (interrupted, all) = (jumps().filter(|&jumps| jumps > 0).count(), on_one_core.len());
    let least = jumps().min().unwrap_or(0);
    let evidence = format!("{interrupted} of {all} threads, each {least} times or more");
    run.exact(&INTERRUPTED, interrupted == all, evidence);

    let overlaps = run.ratios((OVERLAP, ONE), (RAN, ONE));
    run.robust(&ONE_AT_A_TIME, &overlaps, Bound::AtMost(0.01));

    let fair = run.ratios((LEAST, ONE), (MOST, ONE));
    run.robust(&FAIR, &fair, Bound::AtLeast(0.5));

    let mut lengths = lengths(&on_one_core);
    lengths.sort_by(f64::total_cmp);
    let [low, middle, high] = [1, 2, 3].map(|quarter| lengths[(lengths.len() - 1) * quarter / 4]);
    let evidence = format!(
        "{}, of {} turns",
        Unit::Seconds.format_range(middle, low, high),
        Unit::Count.format(lengths.len() as f64)
    );
    run.observed(&LENGTH, evidence);

    let total = |quantity| run.samples(quantity, ONE).iter().sum::<f64>();
    let [taken, given, seen] = [total(TAKEN), total(GIVEN), jumps().sum::<usize>() as f64]
        .map(|count| Unit::Count.format(count));
    let evidence = format!("{taken} forced, {seen} jumps; {given} times a thread waited");
    run.observed(&COUNTED, evidence);
    Ok(())
}

fn length((began, ended): &Turn) -> f64 {
    (*ended - *began).as_secs_f64()
}

fn ran(turns: &[Turn]) -> f64 {
    turns.iter().map(length).sum()
}

/// Of all turns but each thread's last, which the end of the run cut short. A
/// thread that was never interrupted has that one alone.
fn lengths(threads: &[Vec<Turn>]) -> Vec<f64> {
    let whole = |turns: &Vec<Turn>| 0..(turns.len() - 1).max(1);
    threads.iter().flat_map(|turns| turns[whole(turns)].iter().map(length)).collect()
}

/// For how long turns of two threads went on at once, over all pairs of threads.
fn overlap(threads: &[Vec<Turn>]) -> f64 {
    let common = |one: &Turn, other: &Turn| one.1.min(other.1).saturating_sub(one.0.max(other.0));
    let mut overlap = Duration::ZERO;
    for (n, one) in threads.iter().enumerate() {
        for other in &threads[..n] {
            overlap += one.iter().flat_map(|a| other.iter().map(move |b| common(a, b))).sum();
        }
    }
    overlap.as_secs_f64()
}

/// The turns of one thread from `start` on, as far as they are drawn.
fn lane(variant: &str, number: usize, turns: &[Turn], start: Duration) -> Lane {
    let clip = |time: Duration| time.clamp(start, start + DRAWN).saturating_sub(start);
    let drawn = turns.iter().map(|&(began, ended)| (clip(began), clip(ended)));
    Lane {
        variant: variant.to_owned(),
        name: format!("thread {number}"),
        spans: drawn
            .filter(|(began, ended)| began < ended)
            .map(|(began, ended)| (began.as_secs_f64(), ended.as_secs_f64(), State::Running))
            .collect(),
    }
}
