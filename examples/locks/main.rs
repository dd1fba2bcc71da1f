//! What does a lock cost, held and fought over?
//!
//! ```text
//! cargo run --example locks
//! cargo run --example locks -- --hold 0 --twin
//! ```
//!
//! Tills sell articles and look up what was sold, in one tally. Look at the
//! charts: what a second thread gains, and what it gains to let readers in
//! together. Chapter: `book/races/locks.md`.

mod ways;

use std::process::ExitCode;
use std::thread;
use std::time::Duration;

use locks::day::Day;
use locks::poison::{self, Found};
use taking_turns::quantity::Unit;
use taking_turns::report::Scale::{Linear, Logarithmic};
use taking_turns::statistics::median;
use taking_turns::{Bound, Claim, Experiment, Parameter, Quantity, Run, sources};
use ways::{
    ATOMICS, MUTEX, MUTEX_PL, OWN, RW_LOCK, RW_LOCK_PL, SHARDED, WRONG, day_at_each, quietly,
};

/// Long enough for the system to find each till a core of its own: two tills on
/// one core do not fight.
const HOURS: Parameter =
    Parameter::count("hours", 20, (1, 10_000), "Time for which the tills are open in a day")
        .unit("ms")
        .quick(10);
const HOLD: Parameter =
    Parameter::count("hold", 1_000, (0, 1_000_000), "Rounds of arithmetic under a lock held long");

/// Tills in the first chart.
const TILLS: [usize; 4] = [1, 2, 4, 8];
/// Of a hundred steps, how many look, in the other charts; by two tills.
const LOOKS: [usize; 4] = [0, 50, 90, 100];
const READER: &str = "RwLock, a reader";

const SALES: Quantity = Quantity::per_second("sales");
const SHORT: Quantity = Quantity::per_second("steps, held briefly");
const LONG: Quantity = Quantity::per_second("steps, held long");
const AT_WORK: Quantity = Quantity::count("tills");
const LOOKING: Quantity = Quantity::share("share that looks");
const TOLD: Quantity = Quantity::count("told of a panic");
const MISSING: Quantity = Quantity::count("missing then");
const AFTER: Quantity = Quantity::count("missing after");

/// What the explorer found; `cargo explore locks` shows it.
const SCHEDULES: &str = include_str!("schedules.json");
const TWICE: Claim =
    Claim::possible("twice", "Two that look as readers and then write may both write.");
const ONCE: Claim = Claim::possible("once", "If the writer looks again, only one of them does.");
const HELD: Claim = Claim::possible(
    "held",
    "Who wants to write while its own guard still reads never gets on, nor does anybody.",
);
const UNDERSCORE: Claim =
    Claim::possible("underscore", "Behind `let _ = door.lock()` a visit can be lost.");
const NAMED: Claim = Claim::possible("named", "Behind `let _guard = door.lock()` none is.");
const COUNTED: Claim = Claim::exact("counted", "Every sale is in the tally, however it is shared.");
const POISON: Claim = Claim::exact(
    "poison",
    "std's locks tell who comes next of a writer's panic; put right, they tell no more.",
);
const SILENCE: Claim = Claim::exact(
    "silence",
    "parking_lot's Mutex tells nobody, and what was half done is found half done.",
);
const READS: Claim = Claim::exact("reads", "A reader that panics poisons nothing.");
const NO_GAIN: Claim =
    Claim::robust("no-gain", "Two tills at one Mutex sell no more than 1.3 times what one sells.");
const APART: Claim = Claim::robust(
    "apart",
    "Two tills with tallies of their own sell at least twice what two at a Mutex do.",
);
const TOGETHER: Claim =
    Claim::observed("together", "If all look and none sells, what RwLock gains over Mutex.");

const EXPERIMENT: Experiment = Experiment {
    name: "locks",
    question: "What does a lock cost, held and fought over?",
    chapter: "races/locks",
    parameters: &[&HOURS, &HOLD],
    variants: &[MUTEX, MUTEX_PL, RW_LOCK, RW_LOCK_PL, ATOMICS, SHARDED, OWN, READER],
    claims: &[
        &TWICE,
        &ONCE,
        &HELD,
        &UNDERSCORE,
        &NAMED,
        &COUNTED,
        &POISON,
        &SILENCE,
        &READS,
        &NO_GAIN,
        &APART,
        &TOGETHER,
    ],
    trials: 5,
    quick_trials: 2,
    warm_up: false,
    sources: sources![
        "main.rs",
        "cache.rs",
        "day.rs",
        "lib.rs",
        "poison.rs",
        "tally.rs",
        "ways.rs"
    ],
    twin: Some(include_str!("twin.py")),
};

fn main() -> ExitCode {
    EXPERIMENT.main(run)
}

fn run(run: &mut Run) -> anyhow::Result<()> {
    let hours = Duration::from_millis(run.count(&HOURS));
    let hold = run.count(&HOLD);

    run.trials(|trial| {
        for tills in TILLS {
            for (variant, pace) in day_at_each(trial, Day { tills, looks: 0, hold: 0, hours }) {
                trial.record_at(SALES, variant, tills as f64, pace);
            }
        }
        for (quantity, hold) in [(SHORT, 0), (LONG, hold)] {
            for looks in LOOKS {
                for (variant, pace) in day_at_each(trial, Day { tills: 2, looks, hold, hours }) {
                    trial.record_at(quantity, variant, looks as f64 / 100.0, pace);
                }
            }
        }
        for (variant, find) in [
            (MUTEX, poison::in_std as fn() -> Found),
            (MUTEX_PL, poison::in_parking_lot),
            (RW_LOCK, poison::writing),
            (READER, poison::reading),
        ] {
            let found = quietly(find);
            trial.record(TOLD, variant, f64::from(found.told));
            trial.record(MISSING, variant, found.missing as f64);
            trial.record(AFTER, variant, found.missing_again as f64);
        }
        Ok(())
    })?;
    run.lines(SALES, AT_WORK, (Logarithmic, Logarithmic));
    run.lines(SHORT, LOOKING, (Linear, Logarithmic));
    run.lines(LONG, LOOKING, (Linear, Linear));

    for (claim, scenario, outcomes) in [
        (&TWICE, "look_then_fill", &["worked out once", "worked out twice"][..]),
        (&ONCE, "look_again", &["worked out once"]),
        (&HELD, "look_and_hold", &["deadlock"]),
        (&UNDERSCORE, "underscore", &["1 visit", "2 visits"]),
        (&NAMED, "guard", &["2 visits"]),
    ] {
        run.possible(claim, (SCHEDULES, scenario), |ways| ways.ends_in(outcomes))?;
    }
    let all = |quantity, variants: &[&str]| -> Vec<f64> {
        variants.iter().flat_map(|variant| run.samples(quantity, variant)).collect()
    };
    let wrong = all(WRONG, EXPERIMENT.variants);
    let [told, after] = [TOLD, AFTER].map(|quantity| all(quantity, &[MUTEX, RW_LOCK]));
    let unsaid = [TOLD, MISSING, AFTER].map(|quantity| run.samples(quantity, MUTEX_PL));
    let read = run.samples(TOLD, READER);
    run.exact(&COUNTED, wrong.iter().all(|&n| n == 0.0), format!("{} days", wrong.len()));
    let recovered = told.iter().all(|&told| told == 1.0) && after.iter().all(|&after| after == 0.0);
    run.exact(&POISON, recovered, format!("{} panics", told.len()));
    let [told, missing, after] = unsaid;
    let silent =
        told.iter().all(|&told| told == 0.0) && missing == after && !missing.contains(&0.0);
    run.exact(&SILENCE, silent, format!("{} panics", told.len()));
    run.exact(&READS, read.iter().all(|&told| told == 0.0), format!("{} panics", read.len()));

    let one_more = run.ratios_at((SALES, MUTEX, 2.0), (SALES, MUTEX, 1.0));
    let apart = run.ratios_at((SALES, OWN, 2.0), (SALES, MUTEX, 2.0));
    let several = thread::available_parallelism().is_ok_and(|cores| cores.get() > 1);
    for (claim, ratios, bound) in
        [(&NO_GAIN, one_more, Bound::AtMost(1.3)), (&APART, apart, Bound::AtLeast(2.0))]
    {
        if several {
            run.robust(claim, &ratios, bound);
        } else {
            run.untestable(claim, "this program may use one core alone");
        }
    }
    let [brief, long] = [SHORT, LONG].map(|quantity| {
        let pace = |variant| median(&run.samples_at(quantity, variant, 1.0));
        Unit::Ratio.format(pace(RW_LOCK) / pace(MUTEX))
    });
    run.observed(&TOGETHER, format!("held briefly {brief}, held long {long}"));
    Ok(())
}
