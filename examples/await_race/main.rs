//! Is async code free of races and deadlocks?
//!
//! ```text
//! cargo run --example await_race
//! cargo run --example await_race -- --deposits 1000 --twin
//! ```
//!
//! Look at what is lost on a single thread, and at what is lost once the await
//! has moved or a lock is held across it. Chapter: `book/turns/await_race.md`.

mod rounds;
mod transfer;
mod wallet;

use std::process::ExitCode;
use std::sync::atomic::AtomicI64;

use rounds::{deposits, paid_twice, transfers};
use taking_turns::{Claim, Experiment, Parameter, Quantity, Run, sources};
use tokio::runtime::Builder;
use tokio::sync::Mutex;

const DEPOSITS: Parameter =
    Parameter::count("deposits", 10_000, (1, 1_000_000), "Deposits that each of two tasks makes");
const PAYMENTS: Parameter =
    Parameter::count("payments", 1_000, (1, 1_000_000), "Times that two tasks try to pay");

const ACROSS: &str = "await inside";
const AFTER: &str = "await moved";
const LOCKED: &str = "async mutex";
const SOURCE_FIRST: &str = "source first";
const LOWER_FIRST: &str = "lower first";
const AWAIT_FIRST: &str = "await first";

const LOST: Quantity = Quantity::share("deposits lost");
const PAID_TWICE: Quantity = Quantity::share("paid twice");
const STUCK: Quantity = Quantity::count("stuck");
const WALL: Quantity = Quantity::seconds("wall time of deposits");

/// What the explorer found; `cargo explore await_race` shows it.
const SCHEDULES: &str = include_str!("schedules.json");

const CAN_LOSE: Claim = Claim::possible(
    "can-lose",
    "On one thread, with an await between read and write, one of two deposits can be lost.",
);
const MOVED_NEVER_LOSES: Claim =
    Claim::possible("moved-never-loses", "With the await before the read, none is lost.");
const LOCKED_NEVER_LOSES: Claim = Claim::possible(
    "locked-never-loses",
    "With an async mutex held across the await, none is lost.",
);
const CAN_PAY_TWICE: Claim = Claim::possible(
    "can-pay-twice",
    "With an await between check and payment, a balance that is enough for one pays two.",
);
const MOVED_PAYS_ONCE: Claim =
    Claim::possible("moved-pays-once", "With the await before the check, it pays one.");
const LOCKED_PAYS_ONCE: Claim = Claim::possible(
    "locked-pays-once",
    "With an async mutex held from check to payment, it pays one.",
);
const CAN_DEADLOCK: Claim = Claim::possible(
    "can-deadlock",
    "Two tasks that take two async mutexes in two orders can wait for each other for ever.",
);
const ONE_ORDER: Claim =
    Claim::possible("one-order", "If both take them in one order, both transfers arrive.");
const TOGETHER: Claim = Claim::possible(
    "no-await-holding",
    "If neither awaits while it holds only one of them, both transfers arrive.",
);
const HALF: Claim = Claim::exact(
    "half-lost",
    "In tokio's order, an await between read and write loses half of the deposits.",
);
const TWICE: Claim = Claim::exact(
    "always-twice",
    "In tokio's order, an await between check and payment pays twice every time.",
);
const HANGS: Claim = Claim::exact(
    "stuck",
    "In tokio's order, two transfers that lock in two orders get stuck every time.",
);
const NONE: Claim =
    Claim::exact("mended", "With either fix nothing is lost, paid twice or stuck, in any trial.");

const EXPERIMENT: Experiment = Experiment {
    name: "await_race",
    question: "Is async code free of races and deadlocks?",
    chapter: "turns/await_race",
    parameters: &[&DEPOSITS, &PAYMENTS],
    variants: &[ACROSS, AFTER, LOCKED, SOURCE_FIRST, LOWER_FIRST, AWAIT_FIRST],
    claims: &[
        &CAN_LOSE,
        &MOVED_NEVER_LOSES,
        &LOCKED_NEVER_LOSES,
        &CAN_PAY_TWICE,
        &MOVED_PAYS_ONCE,
        &LOCKED_PAYS_ONCE,
        &CAN_DEADLOCK,
        &ONE_ORDER,
        &TOGETHER,
        &HALF,
        &TWICE,
        &HANGS,
        &NONE,
    ],
    trials: 20,
    quick_trials: 5,
    warm_up: true,
    sources: sources!["main.rs", "rounds.rs", "wallet.rs", "transfer.rs"],
    twin: Some(include_str!("twin.py")),
};

fn main() -> ExitCode {
    EXPERIMENT.main(run)
}

fn run(run: &mut Run) -> anyhow::Result<()> {
    let (times, tries) = (run.count(&DEPOSITS), run.count(&PAYMENTS));
    let runtime = Builder::new_current_thread().build()?;

    let across = || {
        let balance = AtomicI64::new(0);
        runtime.block_on(deposits(times, async || wallet::deposit_across(&balance, 1).await));
        balance.into_inner()
    };
    let after = || {
        let balance = AtomicI64::new(0);
        runtime.block_on(deposits(times, async || wallet::deposit_after(&balance, 1).await));
        balance.into_inner()
    };
    let locked = || {
        let balance = Mutex::new(0);
        runtime.block_on(deposits(times, async || wallet::deposit_locked(&balance, 1).await));
        balance.into_inner()
    };
    let depositing: [(_, &dyn Fn() -> i64); 3] =
        [(ACROSS, &across), (AFTER, &after), (LOCKED, &locked)];

    let pay_across = || {
        let balance = AtomicI64::new(10);
        runtime.block_on(paid_twice(async || wallet::pay_across(&balance, 10).await))
    };
    let pay_after = || {
        let balance = AtomicI64::new(10);
        runtime.block_on(paid_twice(async || wallet::pay_after(&balance, 10).await))
    };
    let pay_locked = || {
        let balance = Mutex::new(10);
        runtime.block_on(paid_twice(async || wallet::pay_locked(&balance, 10).await))
    };
    let paying: [(_, &dyn Fn() -> bool); 3] =
        [(ACROSS, &pay_across), (AFTER, &pay_after), (LOCKED, &pay_locked)];

    run.trials(|trial| {
        let made = (2 * times) as f64;
        for (variant, deposit) in depositing {
            let (balance, spent) = trial.time(variant, deposit);
            trial.record(LOST, variant, (made - balance as f64) / made);
            trial.record(WALL, variant, spent.wall);
        }
        for (variant, pay) in paying {
            let twice = (0..tries).filter(|_| pay()).count();
            trial.record(PAID_TWICE, variant, twice as f64 / tries as f64);
        }
        let stuck = runtime.block_on(transfers(transfer::source_first));
        trial.record(STUCK, SOURCE_FIRST, stuck.into());
        let stuck = runtime.block_on(transfers(transfer::lower_first));
        trial.record(STUCK, LOWER_FIRST, stuck.into());
        let stuck = runtime.block_on(transfers(transfer::await_first));
        trial.record(STUCK, AWAIT_FIRST, stuck.into());
        Ok(())
    })?;
    run.bars(LOST);

    for (claim, scenario, outcomes) in [
        (&CAN_LOSE, "deposit_across", &["20", "10"][..]),
        (&MOVED_NEVER_LOSES, "deposit_after", &["20"]),
        (&LOCKED_NEVER_LOSES, "deposit_locked", &["20"]),
        (&CAN_PAY_TWICE, "pay_across", &["paid once", "paid twice"]),
        (&MOVED_PAYS_ONCE, "pay_after", &["paid once"]),
        (&LOCKED_PAYS_ONCE, "pay_locked", &["paid once"]),
        (&CAN_DEADLOCK, "two_orders", &["90, 110", "deadlock"]),
        (&ONE_ORDER, "one_order", &["90, 110"]),
        (&TOGETHER, "await_first", &["90, 110"]),
    ] {
        run.possible_cooperatively(claim, (SCHEDULES, scenario), outcomes)?;
    }
    run.every_trial(&HALF, (LOST, ACROSS), |lost| lost == 0.5);
    run.every_trial(&TWICE, (PAID_TWICE, ACROSS), |twice| twice == 1.0);
    run.every_trial(&HANGS, (STUCK, SOURCE_FIRST), |stuck| stuck == 1.0);
    let mended = [(LOST, AFTER), (LOST, LOCKED), (PAID_TWICE, AFTER), (PAID_TWICE, LOCKED)];
    let mended = mended.into_iter().chain([(STUCK, LOWER_FIRST), (STUCK, AWAIT_FIRST)]);
    let failures: f64 = mended.flat_map(|(what, how)| run.samples(what, how)).sum();
    run.exact(&NONE, failures == 0.0, format!("{failures} failures in six variants"));
    Ok(())
}
