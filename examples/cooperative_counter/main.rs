//! Why do tasks on one thread not need a lock?
//!
//! ```text
//! cargo run --example cooperative_counter
//! cargo run --example cooperative_counter -- --turn 1000 --twin
//! ```
//!
//! Look at the final values, and at the timeline: on one thread a turn ends
//! before the next one begins. Chapter: `book/turns/cooperative_counter.md`.

mod counter;
mod runtimes;

use std::collections::BTreeMap;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use counter::both;
use runtimes::{Turn, overlaps};
use taking_turns::{Claim, Experiment, Lane, Parameter, Quantity, Run, State, sources};
use tokio::runtime::{Builder, Runtime};

const INCREMENTS: Parameter =
    Parameter::count("increments", 100_000, (1, 10_000_000), "Times that each task adds one");
/// Ten turns each: enough to be seen, few enough to be drawn.
const TURN: Parameter =
    Parameter::count("turn", 10_000, (100, 10_000_000), "Increments after which a task awaits");

/// Turns of a task that are drawn; more could not be told apart.
const DRAWN: usize = 50;

const JOINED: &str = "joined";
const SPAWNED: &str = "spawned";
const WORKERS: &str = "two workers";
const THREADS: &str = "a thread each";

const FINAL: Quantity = Quantity::count("final value");
const LOST: Quantity = Quantity::share("lost");
const OVERLAPS: Quantity = Quantity::count("overlapping turns");
const WALL: Quantity = Quantity::seconds("wall time");

/// What the explorer found; `cargo explore cooperative_counter` shows it.
const SCHEDULES: &str = include_str!("schedules.json");

const PREEMPTIVE: Claim = Claim::possible(
    "preemptive-can-lose",
    "If a switch may come anywhere, two tasks that count to 4 can also end at 3 or 2.",
);
const COOPERATIVE: Claim = Claim::possible(
    "cooperative-never-loses",
    "If a switch comes only where a task awaits, waits or ends, every schedule ends at 4.",
);
const JOINED_EXACT: Claim = Claim::exact(
    "joined-exact",
    "Joined on one thread, every trial ends at the number of increments.",
);
const SPAWNED_EXACT: Claim = Claim::exact(
    "spawned-exact",
    "Spawned on one thread, every trial ends at the number of increments.",
);
const IN_TURN: Claim =
    Claim::exact("in-turn", "On one thread, no turn begins before the other task's has ended.");
const WORKERS_SEEN: Claim =
    Claim::observed("workers-lost", "On a runtime with two worker threads, updates were lost.");
const THREADS_SEEN: Claim = Claim::observed("threads-lost", "On a thread each, updates were lost.");

const EXPERIMENT: Experiment = Experiment {
    name: "cooperative_counter",
    question: "Why do tasks on one thread not need a lock?",
    chapter: "turns/cooperative_counter",
    parameters: &[&INCREMENTS, &TURN],
    variants: &[JOINED, SPAWNED, WORKERS, THREADS],
    claims: &[
        &PREEMPTIVE,
        &COOPERATIVE,
        &JOINED_EXACT,
        &SPAWNED_EXACT,
        &IN_TURN,
        &WORKERS_SEEN,
        &THREADS_SEEN,
    ],
    trials: 50,
    quick_trials: 10,
    warm_up: true,
    sources: sources!["main.rs", "counter.rs", "runtimes.rs"],
    twin: Some(include_str!("twin.py")),
};

fn main() -> ExitCode {
    EXPERIMENT.main(run)
}

fn run(run: &mut Run) -> anyhow::Result<()> {
    let (times, turn) = (run.count(&INCREMENTS), run.count(&TURN));
    let expected = (2 * times) as f64;
    let one_thread = Builder::new_current_thread().build()?;
    let two_workers = Builder::new_multi_thread().worker_threads(2).build()?;

    let joined = || {
        let counter = AtomicU64::new(0);
        one_thread.block_on(both(&counter, times, turn));
        (counter.into_inner(), None)
    };
    let spawned = |runtime: &Runtime| {
        let counter = Arc::new(AtomicU64::new(0));
        let tasks = runtime.block_on(runtimes::spawned(&counter, times, turn));
        // Both tasks have been awaited, so their writes are seen.
        (counter.load(Relaxed), Some(tasks))
    };
    let threads = || {
        let counter = AtomicU64::new(0);
        let tasks = runtimes::a_thread_each(&counter, times, turn);
        (counter.into_inner(), Some(tasks))
    };
    type Work<'a> = &'a dyn Fn() -> (u64, Option<[Vec<Turn>; 2]>);
    let variants: [(_, Work); 4] = [
        (JOINED, &joined),
        (SPAWNED, &|| spawned(&one_thread)),
        (WORKERS, &|| spawned(&two_workers)),
        (THREADS, &threads),
    ];

    // Of each variant the trial is drawn in which most turns overlapped.
    let mut drawn = BTreeMap::new();
    run.trials(|trial| {
        for (variant, work) in variants {
            let ((value, tasks), spent) = trial.time(variant, work);
            trial.record(FINAL, variant, value as f64);
            trial.record(LOST, variant, (expected - value as f64) / expected);
            trial.record(WALL, variant, spent.wall);
            if let Some(tasks) = tasks {
                let overlapping = overlaps(&tasks);
                trial.record(OVERLAPS, variant, overlapping as f64);
                if drawn.get(variant).is_none_or(|(most, _)| *most < overlapping) {
                    drawn.insert(variant, (overlapping, tasks));
                }
            }
        }
        Ok(())
    })?;
    run.histogram(FINAL, THREADS);
    for variant in [SPAWNED, WORKERS, THREADS] {
        run.lanes(lanes(variant, &drawn[variant].1));
    }

    run.possible(&PREEMPTIVE, (SCHEDULES, "tasks"), |ways| ways.ends_in(&["2", "3", "4"]))?;
    run.possible_cooperatively(&COOPERATIVE, (SCHEDULES, "tasks"), &["4"])?;
    run.every_trial(&JOINED_EXACT, (FINAL, JOINED), |value| value == expected);
    run.every_trial(&SPAWNED_EXACT, (FINAL, SPAWNED), |value| value == expected);
    run.every_trial(&IN_TURN, (OVERLAPS, SPAWNED), |overlapping| overlapping == 0.0);
    for (claim, variant) in [(&WORKERS_SEEN, WORKERS), (&THREADS_SEEN, THREADS)] {
        let values = run.samples(FINAL, variant);
        let short = values.iter().filter(|&&value| value < expected).count();
        run.observed(claim, format!("{short} of {} trials", values.len()));
    }
    Ok(())
}

/// A lane for each task, from the first turn on; a gap is a turn of somebody else.
fn lanes(variant: &str, tasks: &[Vec<Turn>; 2]) -> impl Iterator<Item = Lane> {
    let first = tasks.iter().map(|turns| turns[0].0).fold(f64::INFINITY, f64::min);
    let spans = move |turns: &Vec<Turn>| {
        let turns = turns.iter().take(DRAWN);
        turns
            .map(|(began, ended)| {
                (nanoseconds(began - first), nanoseconds(ended - first), State::Running)
            })
            .collect()
    };
    tasks.iter().zip(1..).map(move |(turns, number)| Lane {
        variant: variant.to_owned(),
        name: format!("task {number}"),
        spans: spans(turns),
    })
}

/// Seconds, rounded to the nanosecond: no clock is finer.
fn nanoseconds(seconds: f64) -> f64 {
    (seconds * 1e9).round() / 1e9
}
