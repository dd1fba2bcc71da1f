//! How do I find a race without luck?
//!
//! ```text
//! cargo run --example finding_races
//! cargo run --example finding_races -- --patience 1000
//! ```
//!
//! One queue, three mistakes, five finders. Look along the rows: what each of
//! them found, and which it cannot see. ThreadSanitizer needs a nightly
//! compiler; its results come from a run of `scripts/thread_sanitizer`.
//! Chapter: `book/races/finding_races.md`.

mod finders;
#[path = "../memory_ordering/harness.rs"]
mod harness;

use std::process::ExitCode;
use std::time::Duration;

use finders::Search;
use finding_races::programs;
use queue_under_interleave::programs as under_interleave;
use queue_under_loom::programs as under_loom;
use queue_under_shuttle::programs as under_shuttle;
use taking_turns::quantity::Unit;
use taking_turns::{Claim, Experiment, Parameter, Quantity, Run, sources};

const PATIENCE: Parameter = Parameter::count(
    "patience",
    100,
    (1, 100_000),
    "Milliseconds after which a stress loop gives a program up",
)
.quick(50);

const LOOP: &str = "a test in a loop";
const ALIGNED: &str = "stress, aligned";
const EXPLORER: &str = "explorer";
const LOOM: &str = "loom";
const SHUTTLE: &str = "shuttle";

const TWICE: Quantity = Quantity::share("taken twice");
const STALE: Quantity = Quantity::share("stale item");
const DATA_RACE: Quantity = Quantity::share("data race");
/// In the order of the programs.
const FOUND: [Quantity; 3] = [TWICE, STALE, DATA_RACE];
const FALSE_ALARMS: Quantity = Quantity::count("false alarms");
const RUNS: Quantity = Quantity::count("runs until twice");
const TIME: Quantity = Quantity::seconds("time until twice");

/// What the explorer found; `cargo explore finding_races` shows it.
const SCHEDULES: &str = include_str!("schedules.json");
/// What ThreadSanitizer found; `scripts/thread_sanitizer` writes it.
const SANITIZER: &str = include_str!("thread_sanitizer.txt");

const CAN_TWICE: Claim =
    Claim::possible("twice", "Two consumers can take the same item, and not otherwise go wrong.");
const CAN_STALE: Claim = Claim::possible("stale", "A consumer can pop an item that nobody pushed.");
const NEWEST: Claim = Claim::possible(
    "newest-hides",
    "If a load always returned the newest value, it could not: no order of steps is to blame.",
);
const MENDED_TWICE: Claim =
    Claim::possible("mended-once", "With an exchange, no schedule gives an item to both.");
const MENDED_STALE: Claim =
    Claim::possible("mended-fresh", "With a release, every item popped was pushed.");
const BLIND: Claim =
    Claim::possible("blind", "Of the data race in plain memory the explorer sees nothing.");
const LOOM_ALL: Claim = Claim::exact("loom-all", "loom finds all three mistakes.");
const SHUTTLE_ONE: Claim =
    Claim::exact("shuttle-one", "shuttle finds the item taken twice, and neither of the others.");
const SILENT: Claim =
    Claim::exact("silent", "On the mended queue, explorer, loom and shuttle say nothing.");
const STRESS: Claim = Claim::observed("stress", "Aligned stress found the item taken twice.");
const STRESS_STALE: Claim = Claim::observed("stress-stale", "Stress found the stale item.");
const SANITIZED: Claim = Claim::observed("sanitizer", "ThreadSanitizer, in a run of its own.");

const EXPERIMENT: Experiment = Experiment {
    name: "finding_races",
    question: "How do I find a race without luck?",
    chapter: "races/finding_races",
    parameters: &[&PATIENCE],
    variants: &[LOOP, ALIGNED, EXPLORER, LOOM, SHUTTLE],
    claims: &[
        &CAN_TWICE,
        &CAN_STALE,
        &NEWEST,
        &BLIND,
        &MENDED_TWICE,
        &MENDED_STALE,
        &LOOM_ALL,
        &SHUTTLE_ONE,
        &SILENT,
        &STRESS,
        &STRESS_STALE,
        &SANITIZED,
    ],
    trials: 10,
    quick_trials: 3,
    warm_up: false,
    sources: sources![
        "main.rs",
        "alone.rs",
        "finders.rs",
        "lib.rs",
        "mended.rs",
        "plain.rs",
        "programs.rs",
        "queue.rs",
        "under_interleave/lib.rs",
        "under_loom/lib.rs",
        "under_loom/plain.rs",
        "under_shuttle/lib.rs",
        "../memory_ordering/harness.rs"
    ],
    twin: Some(include_str!("twin.py")),
};

fn main() -> ExitCode {
    EXPERIMENT.main(run)
}

fn run(run: &mut Run) -> anyhow::Result<()> {
    let patience = Duration::from_millis(run.count(&PATIENCE));
    run.trials(|trial| {
        let mut firsts = Vec::new();
        for (place, found) in FOUND.into_iter().enumerate() {
            let searches: [(_, &dyn Fn() -> Search); 5] = [
                (LOOP, &|| finders::in_a_loop(programs::AS_IT_WAS[place], patience)),
                (ALIGNED, &|| finders::aligned(place, patience)),
                (EXPLORER, &|| finders::explorer(under_interleave::AS_IT_WAS[place])),
                (LOOM, &|| finders::loom(under_loom::AS_IT_WAS[place])),
                (SHUTTLE, &|| finders::shuttle(under_shuttle::AS_IT_WAS[place])),
            ];
            for (finder, search) in searches {
                let (search, _) = trial.time(finder, search);
                trial.record(found, finder, f64::from(u8::from(search.first.is_some())));
                if let (TWICE, Some(first)) = (found, search.first) {
                    firsts.push((finder, first));
                }
            }
        }
        let controls: [(_, &dyn Fn(usize) -> Search); 3] = [
            (EXPLORER, &|place| finders::explorer(under_interleave::MENDED[place])),
            (LOOM, &|place| finders::loom(under_loom::MENDED[place])),
            (SHUTTLE, &|place| finders::shuttle(under_shuttle::MENDED[place])),
        ];
        for (finder, search) in controls {
            let alarms = (0..FOUND.len()).filter(|&place| search(place).first.is_some());
            trial.record(FALSE_ALARMS, finder, alarms.count() as f64);
        }
        for (finder, (runs, seconds)) in firsts {
            trial.record(RUNS, finder, runs as f64);
            trial.record(TIME, finder, seconds);
        }
        Ok(())
    })?;

    const RIGHT: &str = programs::RIGHT;
    for (claim, scenario, outcomes) in [
        (&CAN_TWICE, "two_consumers", &[RIGHT, programs::TWICE][..]),
        (&CAN_STALE, "producer_and_consumer", &[RIGHT, programs::STALE]),
        (&NEWEST, "producer_and_consumer_newest", &[RIGHT]),
        (&BLIND, "producer_and_monitor", &[RIGHT]),
        (&MENDED_TWICE, "two_consumers_mended", &[RIGHT]),
        (&MENDED_STALE, "producer_and_consumer_mended", &[RIGHT]),
    ] {
        run.possible(claim, (SCHEDULES, scenario), |ways| ways.ends_in(outcomes))?;
    }
    for (claim, finder, expected) in
        [(&LOOM_ALL, LOOM, [1.0, 1.0, 1.0]), (&SHUTTLE_ONE, SHUTTLE, [1.0, 0.0, 0.0])]
    {
        let found = FOUND.map(|found| run.samples(found, finder));
        let trials = found[0].len();
        let kept = (0..trials).filter(|&trial| [0, 1, 2].map(|at| found[at][trial]) == expected);
        let kept = kept.count();
        run.exact(claim, kept == trials, format!("{kept} of {}", Unit::trials(trials)));
    }
    let alarms = [EXPLORER, LOOM, SHUTTLE].map(|finder| run.samples(FALSE_ALARMS, finder)).concat();
    let raised: f64 = alarms.iter().sum();
    run.exact(&SILENT, raised == 0.0, format!("{raised} false alarms in {} tries", alarms.len()));

    let found = |run: &Run, quantity| {
        let in_trials = |finder| run.samples(quantity, finder);
        let count = |finder| in_trials(finder).iter().sum::<f64>();
        let trials = Unit::trials(in_trials(LOOP).len());
        format!("in {} of {trials}, a test in a loop in {}", count(ALIGNED), count(LOOP))
    };
    run.observed(&STRESS, found(run, TWICE));
    run.observed(&STRESS_STALE, found(run, STALE));
    let reports = |program: &str| {
        let line = SANITIZER.lines().find_map(|line| line.strip_prefix(program));
        line.map_or("not run", str::trim)
    };
    let [twice, stale, race] =
        ["two-consumers  ", "producer-and-consumer  ", "producer-and-monitor  "].map(reports);
    run.observed(&SANITIZED, format!("data race {race}, taken twice {twice}, stale {stale}"));
    Ok(())
}
