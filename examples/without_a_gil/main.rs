//! Why was the lock there at all?
//!
//! ```text
//! cargo run --example without_a_gil
//! cargo run --example without_a_gil -- --pairs 20000000 --twin
//! ```
//!
//! A pair is a reference copied and dropped again. Look along the rows: what a
//! way of counting costs one thread, two threads that share nothing, and two
//! that share one object. Chapter: `book/gil/without_a_gil.md`.

mod churn;
mod counts;

use std::process::ExitCode;
use std::thread;

use churn::Shape;
use counts::{Atomic, Biased, Deferred, Locked};
use taking_turns::{Bound, Claim, Experiment, Parameter, Quantity, Run, sources};

/// A million nanoseconds are a millisecond: with four million, four
/// milliseconds mean one nanosecond a pair.
const PAIRS: Parameter = Parameter::count(
    "pairs",
    4_000_000,
    (100_000, 100_000_000),
    "References that each thread copies and drops",
)
.quick(2_000_000);

const RC: &str = "Rc";
const BIG_LOCK: &str = "one big lock";
const LOCK_EACH: &str = "a lock each";
const ARC: &str = "Arc";
const ATOMIC: &str = "atomic";
const BIASED: &str = "biased";
const DEFERRED: &str = "deferred";

const ALONE: Quantity = Quantity::seconds("one thread");
const OWN: Quantity = Quantity::seconds("own objects");
const SHARED: Quantity = Quantity::seconds("shared object");
const SHAPES: [(Shape, Quantity); 3] =
    [(Shape::Alone, ALONE), (Shape::Own, OWN), (Shape::Shared, SHARED)];

/// What the explorer found; `cargo explore without_a_gil` shows it.
const SCHEDULES: &str = include_str!("schedules.json");
const RIGHT: &[&str] = &["one-free"];

const PLAIN_BREAKS: Claim = Claim::possible(
    "plain-breaks",
    "With plain counts, two threads can free an object in use, free it twice, or never.",
);
const LOCKED_NEVER: Claim = Claim::possible(
    "locked-never-breaks",
    "With a lock in the object, every schedule frees it once, after its last use.",
);
const ATOMIC_NEVER: Claim =
    Claim::possible("atomic-never-breaks", "So does every schedule with an atomic count.");
const BIASED_NEVER: Claim = Claim::possible(
    "biased-never-breaks",
    "So does every schedule with a biased count whose owner gets its references back.",
);
const BIASED_LEAKS: Claim = Claim::possible(
    "biased-forgotten-leaks",
    "If the owner does not get back a reference that it counted, no schedule frees the object.",
);
const DEFERRED_NEVER: Claim = Claim::possible(
    "deferred-never-breaks",
    "With deferred counts every schedule frees the object once, when all threads stand still.",
);
const BALANCED: Claim =
    Claim::exact("balanced", "Whoever counts, as many references are left as there were before.");
const CONTENDED: Claim = Claim::robust(
    "contended-arc",
    "On two threads, a pair on one shared Arc takes at least 2 times as long as on an own one.",
);
const ATOMICS: Claim = Claim::observed(
    "atomic-cost",
    "On one thread, an Arc takes longer to copy and drop than an Rc.",
);

const EXPERIMENT: Experiment = Experiment {
    name: "without_a_gil",
    question: "Why was the lock there at all?",
    chapter: "gil/without_a_gil",
    parameters: &[&PAIRS],
    variants: &[RC, BIG_LOCK, LOCK_EACH, ARC, ATOMIC, BIASED, DEFERRED],
    claims: &[
        &PLAIN_BREAKS,
        &LOCKED_NEVER,
        &ATOMIC_NEVER,
        &BIASED_NEVER,
        &BIASED_LEAKS,
        &DEFERRED_NEVER,
        &BALANCED,
        &CONTENDED,
        &ATOMICS,
    ],
    trials: 8,
    quick_trials: 3,
    warm_up: true,
    sources: sources!["main.rs", "churn.rs", "counts.rs"],
    twin: Some(include_str!("twin.py")),
};

fn main() -> ExitCode {
    EXPERIMENT.main(run)
}

fn run(run: &mut Run) -> anyhow::Result<()> {
    let pairs = run.count(&PAIRS);
    type Churn = fn(Shape, u64) -> bool;
    let variants: [(&'static str, Churn); 7] = [
        (RC, churn::rc),
        (BIG_LOCK, churn::one_big_lock),
        (LOCK_EACH, churn::counts::<Locked>),
        (ARC, churn::arc),
        (ATOMIC, churn::counts::<Atomic>),
        (BIASED, churn::counts::<Biased>),
        (DEFERRED, churn::counts::<Deferred>),
    ];

    let (mut balanced, mut all) = (0, 0);
    run.trials(|trial| {
        for (shape, quantity) in SHAPES {
            for (variant, churn) in variants {
                // The compiler would not let two threads share one.
                if (variant, quantity) == (RC, SHARED) {
                    continue;
                }
                let (right, spent) = trial.time(variant, || churn(shape, pairs));
                trial.record(quantity, variant, spent.wall);
                balanced += u32::from(right);
                all += 1;
            }
        }
        Ok(())
    })?;
    run.bars(SHARED);

    for (claim, scenario, outcomes) in [
        (&PLAIN_BREAKS, "plain", &["one-free", "use-after-free", "double-free", "leak"][..]),
        (&LOCKED_NEVER, "locked", RIGHT),
        (&ATOMIC_NEVER, "atomic", RIGHT),
        (&BIASED_NEVER, "biased", RIGHT),
        (&BIASED_LEAKS, "biased_forgotten", &["leak"]),
        (&DEFERRED_NEVER, "deferred", RIGHT),
    ] {
        run.possible(claim, (SCHEDULES, scenario), |ways| ways.ends_in(outcomes))?;
    }
    run.exact(&BALANCED, balanced == all, format!("{balanced} of {all} times"));

    if thread::available_parallelism().is_ok_and(|cores| cores.get() > 1) {
        let ratios = run.ratios((SHARED, ARC), (OWN, ARC));
        run.robust(&CONTENDED, &ratios, Bound::AtLeast(2.0));
    } else {
        run.untestable(&CONTENDED, "this program may use one core alone");
    }
    let ratios = run.ratios((ALONE, ARC), (ALONE, RC));
    let longer = ratios.iter().filter(|&&ratio| ratio > 1.0).count();
    run.observed(&ATOMICS, format!("in {longer} of {} quiet trials", ratios.len()));
    Ok(())
}
