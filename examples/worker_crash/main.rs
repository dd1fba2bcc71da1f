//! What if a worker dies half way?
//!
//! ```text
//! cargo run --example worker_crash
//! cargo run --example worker_crash -- --orders 2000 --lease 1000
//! ```
//!
//! Two worker processes are killed in the middle of an order, one is stopped
//! and continued, and so is killed the Redis server that has the orders. It is
//! one of the experiment's own. Look at what each order was charged, and at
//! what was paid. Chapter: `book/production/worker_crash.md`.

#[cfg(target_os = "linux")]
mod process;
#[cfg(target_os = "linux")]
mod server;
#[cfg(target_os = "linux")]
mod story;
#[cfg(target_os = "linux")]
mod worker;

use std::process::ExitCode;

use taking_turns::{Claim, Experiment, Parameter, Quantity, Run, sources};

const ORDERS: Parameter =
    Parameter::count("orders", 200, (100, 100_000), "Orders that are handed in");
const LEASE: Parameter = Parameter::count(
    "lease",
    500,
    (100, 60_000),
    "How long a worker may be silent before its order is given to another",
)
.unit("ms")
.quick(300);

const BEFORE: &str = "killed before";
const AFTER: &str = "killed after";
const STOPPED: &str = "stopped";
const SERVER: &str = "server";
const ALL: &str = "all orders";

const STARTED: Quantity = Quantity::count("started");
const CHARGED: Quantity = Quantity::count("charged");
const PAID: Quantity = Quantity::count("paid");
const ORPHANED: Quantity = Quantity::seconds("orphaned");

const NONE_LOST: Claim = Claim::exact(
    "none-lost",
    "Every order that was accepted is paid, whoever was killed meanwhile.",
);
const TAKEN_UP: Claim = Claim::exact(
    "taken-up",
    "The order of a worker that was killed or stopped is started again by another.",
);
const TWICE: Claim = Claim::exact(
    "charged-twice",
    "Killed after the charge, or only stopped before it: the customer is charged twice.",
);
const ONCE: Claim = Claim::exact("paid-once", "With the order's number as a key it is paid once.");
const RESTARTED: Claim = Claim::exact(
    "restarted",
    "The killed server comes back with every order that it had accepted.",
);
const LATE: Claim = Claim::observed("late", "An orphan waited for its lease to end.");

const EXPERIMENT: Experiment = Experiment {
    name: "worker_crash",
    question: "What if a worker dies half way?",
    chapter: "production/worker_crash",
    parameters: &[&ORDERS, &LEASE],
    variants: &[BEFORE, AFTER, STOPPED, SERVER, ALL],
    claims: &[&NONE_LOST, &TAKEN_UP, &TWICE, &ONCE, &RESTARTED, &LATE],
    trials: 5,
    quick_trials: 1,
    warm_up: false,
    sources: sources!["main.rs", "process.rs", "server.rs", "story.rs", "worker.rs"],
    twin: Some(include_str!("twin.py")),
};

fn main() -> ExitCode {
    #[cfg(target_os = "linux")]
    {
        use std::env::var;
        let worker = var(process::WORKER).map(|known| process::live(&known));
        match worker.or_else(|_| var(process::SERVER).map(|server| process::serve(&server))) {
            Ok(Ok(())) => return ExitCode::SUCCESS,
            Ok(Err(error)) => {
                eprintln!("worker_crash, a worker: {error:#}");
                return ExitCode::FAILURE;
            }
            Err(_) => {}
        }
    }
    EXPERIMENT.main(run)
}

#[cfg(target_os = "linux")]
fn run(run: &mut Run) -> anyhow::Result<()> {
    use story::{Story, story};
    use taking_turns::quantity::Unit;
    use taking_turns::statistics::{median, range};

    let installed = std::process::Command::new("redis-server").arg("--version").output();
    if let Err(error) = installed {
        return untestable(run, &format!("cannot run `redis-server`: {error}"));
    }
    let (orders, lease) = (run.count(&ORDERS), run.count(&LEASE));
    let mut stories: Vec<Story> = Vec::new();
    run.trials(|trial| {
        let (ended, _) = trial.time(ALL, || story(orders, lease));
        let story = ended?;
        for variant in [BEFORE, AFTER, STOPPED, SERVER] {
            let number = story.halted[variant];
            trial.record(STARTED, variant, story.started[&number] as f64);
            trial.record(CHARGED, variant, story.charged[&number] as f64);
            trial.record(PAID, variant, story.paid.contains_key(&number).into());
            trial.record(ORPHANED, variant, story.orphaned[variant]);
        }
        trial.record(STARTED, ALL, story.started.values().sum::<u64>() as f64);
        trial.record(CHARGED, ALL, story.charged.values().sum::<u64>() as f64);
        trial.record(PAID, ALL, story.paid.len() as f64);
        stories.push(story);
        Ok(())
    })?;
    run.lanes(stories.last().into_iter().flat_map(|story| story.lanes.clone()));

    let orphans = [BEFORE, AFTER, STOPPED];
    let of = |story: &Story, name: &str| story.halted[name];
    run.exact(
        &NONE_LOST,
        stories.iter().all(|story| (1..=orders).all(|number| story.paid.contains_key(&number))),
        format!("{} orders", Unit::Count.format((orders * stories.len() as u64) as f64)),
    );
    run.exact(
        &TAKEN_UP,
        stories.iter().all(|story| orphans.iter().all(|name| story.started[&of(story, name)] > 1)),
        format!("{} of {0} orders", orphans.len() * stories.len()),
    );
    run.exact(
        &TWICE,
        stories
            .iter()
            .all(|story| [AFTER, STOPPED].iter().all(|name| story.charged[&of(story, name)] > 1)),
        format!("{} of {0} orders", 2 * stories.len()),
    );
    run.every_trial(&ONCE, (PAID, ALL), |paid| paid == orders as f64);
    let waiting = stories.iter().map(|story| story.waiting).min().unwrap_or_default();
    run.exact(
        &RESTARTED,
        stories.iter().all(|story| {
            (1..=orders).filter(|number| story.paid.contains_key(number)).count() as u64 == orders
        }) && waiting > 0,
        format!("{waiting} orders waited in it, or more"),
    );
    let times: Vec<f64> = orphans.iter().flat_map(|name| run.samples(ORPHANED, name)).collect();
    let (low, high) = range(&times);
    let seen = Unit::Seconds.format_range(median(&times), low, high);
    run.observed(&LATE, format!("{seen}, the lease {lease} ms"));
    Ok(())
}

#[cfg(not(target_os = "linux"))]
fn run(run: &mut Run) -> anyhow::Result<()> {
    untestable(run, "the processes of this experiment end with it on Linux alone")
}

fn untestable(run: &mut Run, reason: &str) -> anyhow::Result<()> {
    for claim in EXPERIMENT.claims {
        run.untestable(claim, reason);
    }
    Ok(())
}
