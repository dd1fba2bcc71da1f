//! Where do Rust programs grow a GIL by accident?
//!
//! ```text
//! cargo run --example gil_analogues
//! cargo run --example gil_analogues -- --workers 4 --orders 1000 --twin
//! ```
//!
//! The same orders are priced by one worker and by several. Look at the gain,
//! and at the timeline, where a lane is solid while its worker computes. Each
//! program that gains nothing differs in one line from one that does.
//! Chapter: `book/gil/gil_analogues.md`.

mod ledger;
mod receipts;
mod tasks;
mod workers;

use std::process::ExitCode;
use std::thread;
use std::time::Instant;

use taking_turns::quantity::Unit;
use taking_turns::{
    Bound, Claim, Experiment, Parameter, Quantity, Run, State, sources, statistics,
};
use workers::{Way, lanes};

const ORDERS: Parameter =
    Parameter::count("orders", 400, (16, 20_000), "Orders to be priced").quick(200);
const WORKERS: Parameter =
    Parameter::count("workers", 2, (2, 64), "Threads, or tasks, that share them");

const BIG_LOCK: &str = "one big lock";
const PRICE_FIRST: &str = "price, then lock";
const MANY_LOCKS: &str = "many locks";
const OWN: &str = "own ledgers";
const INSIDE: &str = "println! a receipt";
const BEFORE: &str = "println! a text";
const TASKS: &str = "tasks, one thread";
const POOL: &str = "tasks, a pool";

const ALONE: Quantity = Quantity::seconds("one worker");
const TOGETHER: Quantity = Quantity::seconds("together");
const GAIN: Quantity = Quantity::ratio("gain");

const BALANCED: Claim =
    Claim::exact("same-ledger", "However the work is shared, every customer owes the same.");
const BIG_LOCK_GAINS: Claim =
    Claim::robust("big-lock", "Under one big lock, more workers gain 1.2 times at most.");
const OWN_GAIN: Claim = Claim::robust(
    "own-ledgers",
    "With a ledger each, merged at the end, more workers gain at least 1.6 times.",
);
const FIRST_GAINS: Claim = Claim::robust(
    "price-first",
    "Under the same lock, taken after the price is known, they gain at least 1.6 times.",
);
const INSIDE_GAINS: Claim = Claim::robust(
    "println-receipt",
    "If println! has to compute what it writes, they gain 1.2 times at most.",
);
const TASKS_GAIN: Claim =
    Claim::robust("one-thread", "As tasks on one thread, they gain 1.2 times at most.");
const OTHERS: Claim =
    Claim::observed("others", "Many locks, a text for println!, a pool of threads: they gain too.");

const EXPERIMENT: Experiment = Experiment {
    name: "gil_analogues",
    question: "Where do Rust programs grow a GIL by accident?",
    chapter: "gil/gil_analogues",
    parameters: &[&ORDERS, &WORKERS],
    variants: &[BIG_LOCK, PRICE_FIRST, MANY_LOCKS, OWN, INSIDE, BEFORE, TASKS, POOL],
    claims: &[
        &BALANCED,
        &BIG_LOCK_GAINS,
        &OWN_GAIN,
        &FIRST_GAINS,
        &INSIDE_GAINS,
        &TASKS_GAIN,
        &OTHERS,
    ],
    trials: 6,
    quick_trials: 3,
    warm_up: true,
    sources: sources!["main.rs", "ledger.rs", "receipts.rs", "tasks.rs", "workers.rs"],
    twin: Some(include_str!("twin.py")),
};

fn main() -> ExitCode {
    // Receipts are printed by this program once more.
    workers::child().unwrap_or_else(|| EXPERIMENT.main(run))
}

fn run(run: &mut Run) -> anyhow::Result<()> {
    let orders = workers::orders(run.count(&ORDERS));
    let workers = run.count(&WORKERS) as usize;
    let ways: [(&'static str, Way); 8] = [
        (BIG_LOCK, workers::one_big_lock),
        (PRICE_FIRST, workers::price_first),
        (MANY_LOCKS, workers::many_locks),
        (OWN, workers::own_ledgers),
        (INSIDE, workers::format_inside),
        (BEFORE, workers::format_before),
        (TASKS, workers::tasks_on_one_thread),
        (POOL, workers::tasks_on_a_pool),
    ];

    let mut ledgers = Vec::new();
    let mut timelines = Vec::new();
    run.trials(|trial| {
        if trial.index == 0 {
            timelines.clear();
        }
        let (mut side_by_side, mut timeline) = (0.0, Vec::new());
        for (variant, way) in ways {
            let (done, alone) = trial.time(variant, || way(&orders, 1));
            ledgers.extend(done?.ledger);
            let began = Instant::now();
            let (done, together) = trial.time(variant, || way(&orders, workers));
            let done = done?;
            ledgers.extend(done.ledger);
            trial.record(ALONE, variant, alone.wall);
            trial.record(TOGETHER, variant, together.wall);
            trial.record(GAIN, variant, alone.wall / together.wall);
            if variant == OWN {
                side_by_side = together.wall;
            }
            let waits = match variant {
                BIG_LOCK | MANY_LOCKS => Some(State::Blocked),
                TASKS => Some(State::Waiting),
                _ => None,
            };
            timeline.extend(lanes(variant, began, &done.turns, waits));
        }
        timelines.push((side_by_side, timeline));
        Ok(())
    })?;
    run.bars(GAIN);
    // The trial that is drawn is the median one of those without a lock.
    timelines.sort_by(|(one, _), (other, _)| one.total_cmp(other));
    run.lanes(timelines.swap_remove(timelines.len() / 2).1);

    let same = ledgers.iter().filter(|&ledger| *ledger == ledgers[0]).count();
    let all = ledgers.len();
    run.exact(&BALANCED, same == all, format!("{same} of {all} ledgers"));

    let several = thread::available_parallelism().is_ok_and(|cores| cores.get() > 1);
    for (claim, variant, bound) in [
        (&BIG_LOCK_GAINS, BIG_LOCK, Bound::AtMost(1.2)),
        (&OWN_GAIN, OWN, Bound::AtLeast(1.6)),
        (&FIRST_GAINS, PRICE_FIRST, Bound::AtLeast(1.6)),
        (&INSIDE_GAINS, INSIDE, Bound::AtMost(1.2)),
        (&TASKS_GAIN, TASKS, Bound::AtMost(1.2)),
    ] {
        if several {
            run.robust(claim, &run.ratios((ALONE, variant), (TOGETHER, variant)), bound);
        } else {
            run.untestable(claim, "this program may use one core alone");
        }
    }
    let gains = [MANY_LOCKS, BEFORE, POOL].map(|variant| {
        let gain = statistics::median(&run.samples(GAIN, variant));
        format!("{variant} {}", Unit::Ratio.format(gain))
    });
    run.observed(&OTHERS, gains.join(", "));
    Ok(())
}
