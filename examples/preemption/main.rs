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
use turns::{JUMP, Turn, together};

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
const LEAST: Quantity = Quantity::share("least share");
const MOST: Quantity = Quantity::share("most");
const OVERLAP: Quantity = Quantity::seconds("longest overlap");
const TAKEN: Quantity = Quantity::count("taken away");
const GIVEN: Quantity = Quantity::count("given up");

const INTERRUPTED: Claim =
    Claim::exact("interrupted", "On one core every thread is interrupted, and none asked for it.");
/// Two looks of a thread at the clock are less than JUMP apart within a turn:
/// on one core that leaves no room for more of another's.
const ONE_AT_A_TIME: Claim =
    Claim::exact("one-at-a-time", "On one core no two turns overlap by more than clock noise.");
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
            trial.record(LEAST, variant, shares.clone().fold(f64::INFINITY, f64::min));
            trial.record(MOST, variant, shares.fold(0.0, f64::max));
            trial.record(OVERLAP, variant, longest_overlap(&seen));
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

    let longest = run.samples(OVERLAP, ONE).into_iter().fold(0.0, f64::max);
    let [longest, noise, side_by_side] =
        [longest, JUMP.as_secs_f64(), median(&run.samples(OVERLAP, ALL))];
    let [found, allowed, free] =
        [longest, noise, side_by_side].map(|seconds| Unit::Seconds.format(seconds));
    let evidence = format!("{found} at most, noise is {allowed}; on all cores it was {free}");
    run.exact(&ONE_AT_A_TIME, longest <= noise, evidence);

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

/// The longest time that two turns of different threads have in common.
fn longest_overlap(threads: &[Vec<Turn>]) -> f64 {
    let overlap = |one: &Turn, other: &Turn| one.1.min(other.1).saturating_sub(one.0.max(other.0));
    let pairs = (1..threads.len()).flat_map(|n| threads[..n].iter().map(move |one| (one, n)));
    let overlaps = pairs.flat_map(|(one, n)| {
        one.iter().flat_map(move |a| threads[n].iter().map(move |b| overlap(a, b)))
    });
    overlaps.max().unwrap_or_default().as_secs_f64()
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
