//! When does everybody wait?
//!
//! ```text
//! cargo run --example deadlock
//! cargo run --example deadlock -- --philosophers 7 --twin
//! ```
//!
//! Look at the circle that the watchdog names, and at what each fix costs.
//! Chapter: `book/races/deadlock.md`.

mod dinner;
mod forced;
mod ledger;
mod philosophers;

use std::env;
use std::process::{Command, ExitCode};
use std::sync::Mutex;

use anyhow::{Context, ensure};
use dinner::{one_by_one, together};
use taking_turns::{Claim, Experiment, Parameter, Quantity, Run, sources};

const PHILOSOPHERS: Parameter =
    Parameter::count("philosophers", 5, (2, 64), "Philosophers, and forks between them");
const MEALS: Parameter =
    Parameter::count("meals", 100_000, (1, 10_000_000), "Meals that each of them eats")
        .quick(10_000);

const TWO_LOCKS: &str = "two locks, forced";
const LEFT_FIRST: &str = "left first, forced";
const IN_TURN: &str = "left first, in turn";
const LOWER_FIRST: &str = "lower first";
const ASK_FIRST: &str = "ask first";
const GIVE_BACK: &str = "give back";

const IN_CIRCLE: Quantity = Quantity::count("in the circle");
const EATEN: Quantity = Quantity::count("meals");
/// Raised by a lock; one that waits for ever raises none.
const ERRORS: Quantity = Quantity::count("errors");
const NAMED_AFTER: Quantity = Quantity::seconds("named after");
const DINNER: Quantity = Quantity::seconds("dinner");

/// What the explorer found; `cargo explore deadlock` shows it.
const SCHEDULES: &str = include_str!("schedules.json");

/// Tells this program that it is to deadlock, with so many threads.
const THREADS: &str = "TAKING_TURNS_DEADLOCK";

const TWO_ORDERS: Claim = Claim::possible(
    "two-orders",
    "Two transfers that lock in two orders either arrive or wait for each other for ever.",
);
const ONE_ORDER: Claim =
    Claim::possible("one-order", "If both lock in one order, both arrive, in every schedule.");
const CAN_STARVE: Claim =
    Claim::possible("left-first", "Four philosophers who take the left fork first can deadlock.");
const IN_ORDER: Claim = Claim::possible(
    "lower-first",
    "If each takes the lower fork first, all eat, in every schedule.",
);
const WAITER: Claim =
    Claim::possible("ask-first", "If each asks the waiter first, all eat, in every schedule.");
const BUSY: Claim = Claim::possible(
    "give-back",
    "Three who give the left fork back never deadlock, but can go on for ever without eating.",
);
const NAMED: Claim = Claim::exact(
    "circle-named",
    "Forced to deadlock, two threads and all philosophers are named in the circle.",
);
const ALL_ATE: Claim = Claim::exact(
    "all-ate",
    "In turn, and with each of the three fixes, everybody eats every meal.",
);

const EXPERIMENT: Experiment = Experiment {
    name: "deadlock",
    question: "When does everybody wait?",
    chapter: "races/deadlock",
    parameters: &[&PHILOSOPHERS, &MEALS],
    variants: &[TWO_LOCKS, LEFT_FIRST, IN_TURN, LOWER_FIRST, ASK_FIRST, GIVE_BACK],
    claims: &[&TWO_ORDERS, &ONE_ORDER, &CAN_STARVE, &IN_ORDER, &WAITER, &BUSY, &NAMED, &ALL_ATE],
    trials: 20,
    quick_trials: 5,
    warm_up: false,
    sources: sources![
        "main.rs",
        "dinner.rs",
        "forced.rs",
        "ledger.rs",
        "philosophers.rs",
        "transfer.rs"
    ],
    twin: Some(include_str!("twin.py")),
};

fn main() -> ExitCode {
    match env::var(THREADS).map(|threads| threads.parse()) {
        // When this returns, the process ends, and the stuck threads with it.
        Ok(Ok(threads)) => match forced::deadlock(threads) {
            Some(circle) => {
                print!("{circle}");
                ExitCode::SUCCESS
            }
            None => ExitCode::FAILURE,
        },
        _ => EXPERIMENT.main(run),
    }
}

fn run(run: &mut Run) -> anyhow::Result<()> {
    let seats = run.count(&PHILOSOPHERS) as usize;
    let meals = run.count(&MEALS);

    let waiter = Mutex::new(());
    let in_turn = || one_by_one(seats, meals, philosophers::left_first);
    let lower_first = || together(seats, meals, philosophers::lower_first);
    let ask_first =
        || together(seats, meals, |forks, seat| philosophers::ask_first(forks, &waiter, seat));
    let give_back = || together(seats, meals, philosophers::give_back);
    let dinners: [(_, &dyn Fn() -> u64); 4] = [
        (IN_TURN, &in_turn),
        (LOWER_FIRST, &lower_first),
        (ASK_FIRST, &ask_first),
        (GIVE_BACK, &give_back),
    ];

    let mut seen = Vec::new();
    run.trials(|trial| {
        for (variant, threads) in [(TWO_LOCKS, 2), (LEFT_FIRST, seats)] {
            let (circle, spent) = trial.time(variant, || deadlock_in_a_child(threads));
            let circle = circle?;
            trial.record(IN_CIRCLE, variant, circle.lines().count() as f64);
            trial.record(ERRORS, variant, 0.0);
            trial.record(NAMED_AFTER, variant, spent.wall);
            seen.push((variant, circle));
        }
        for (variant, dinner) in dinners {
            let (eaten, spent) = trial.time(variant, dinner);
            trial.record(EATEN, variant, eaten as f64);
            trial.record(DINNER, variant, spent.wall);
        }
        Ok(())
    })?;
    for (variant, circle) in &seen[..2] {
        run.say(&format!("{variant}:\n{circle}"))?;
    }
    run.bars(DINNER);

    for (claim, scenario, outcomes) in [
        (&TWO_ORDERS, "two_orders", &["90, 110", "deadlock"][..]),
        (&ONE_ORDER, "one_order", &["90, 110"]),
        (&CAN_STARVE, "philosophers", &["all ate", "deadlock"]),
        (&IN_ORDER, "philosophers_in_order", &["all ate"]),
        (&WAITER, "philosophers_and_waiter", &["all ate"]),
        (&BUSY, "philosophers_give_back", &["all ate", "livelock"]),
    ] {
        run.possible(claim, (SCHEDULES, scenario), |ways| ways.ends_in(outcomes))?;
    }
    let whole = |variant: &str| if variant == TWO_LOCKS { 2 } else { seats };
    let named = seen.iter().filter(|(variant, circle)| circle.lines().count() == whole(variant));
    let (named, all) = (named.count(), seen.len());
    run.exact(&NAMED, named == all, format!("{named} of {all} circles"));
    let expected = (seats as u64 * meals) as f64;
    let eaten = dinners.map(|(variant, _)| run.samples(EATEN, variant)).concat();
    let whole = eaten.iter().filter(|&&eaten| eaten == expected).count();
    run.exact(&ALL_ATE, whole == eaten.len(), format!("{whole} of {} dinners", eaten.len()));
    Ok(())
}

/// Starts this program once more, to deadlock, and returns the circle that its
/// watchdog names.
fn deadlock_in_a_child(threads: usize) -> anyhow::Result<String> {
    let child = Command::new(env::current_exe()?)
        .env(THREADS, threads.to_string())
        .output()
        .context("cannot start this program once more")?;
    ensure!(child.status.success(), "the child that was to deadlock ended: {}", child.status);
    Ok(String::from_utf8(child.stdout)?)
}
