//! Who gets the lock, if everybody always wants it?
//!
//! ```text
//! cargo run --example starvation
//! cargo run --example starvation -- --threads 2 --inside 500 --twin
//! ```
//!
//! Threads go in and out of one lock and ask again at once. Look at the
//! timeline, at the longest wait, and at how often others went in meanwhile.
//! Chapter: `book/races/starvation.md`.

mod visits;

use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};

use starvation::readers;
use starvation::rush::{self, Rush, Visits};
use taking_turns::quantity::Unit;
use taking_turns::statistics::median;
use taking_turns::{Bound, Claim, Experiment, Parameter, Quantity, Run, sources};
use visits::{lanes, longest_wait, most_passed};

const THREADS: Parameter = Parameter::count("threads", 4, (2, 64), "Threads that rush at the lock");
const INSIDE: Parameter =
    Parameter::count("inside", 50, (1, 100_000), "Time that a visit takes, with the lock in hand")
        .unit("µs");
const LENGTH: Parameter =
    Parameter::count("length", 100, (10, 60_000), "Time that the rush at each lock goes on")
        .unit("ms");
const READERS: Parameter =
    Parameter::count("readers", 1_000, (1, 1_000_000), "Readers that come while a writer waits");

const STD: &str = "std Mutex";
const PARKING_LOT: &str = "parking_lot 0.13";
const PARKING_LOT_0_12: &str = "parking_lot 0.12";
const FAIR: &str = "FairMutex";
const BARGING: &str = "spinning, barging";
const TICKET: &str = "spinning, ticket";
const STD_RW: &str = "std RwLock";
const WRITER_FIRST: &str = "parking_lot RwLock";
const READERS_FIRST: &str = "RecursiveRwLock";

const VISITS: Quantity = Quantity::per_second("visits");
const LONGEST: Quantity = Quantity::seconds("longest wait");
const PASSED: Quantity = Quantity::count("passed at most");
const LEAST: Quantity = Quantity::share("share of the last");
const PAST: Quantity = Quantity::count("let past a writer");

/// What the explorer found; `cargo explore starvation` shows it.
const SCHEDULES: &str = include_str!("schedules.json");

const CIRCLE: Claim =
    Claim::possible("circle", "At a lock for whoever is quick, one who waits may wait for ever.");
const WAY_OUT: Claim =
    Claim::possible("way-out", "Wherever it stands, a schedule is left by which it gets in.");
const NO_CIRCLE: Claim =
    Claim::possible("no-circle", "At a lock for whoever came first, it always gets in.");
const ORDER: Claim =
    Claim::possible("order", "Three threads get in in the order of their tickets, always.");
const IN_TURN: Claim = Claim::exact("in-turn", "In a rush too, every ticket gets in in its turn.");
const NONE_PAST: Claim =
    Claim::exact("none-past", "parking_lot's RwLock lets no reader past a writer that waits.");
const ALL_PAST: Claim = Claim::exact(
    "all-past",
    "RecursiveRwLock lets every reader past, as long as one of them is inside.",
);
const BARGES: Claim = Claim::robust(
    "barges",
    "While one waits at std's Mutex, others go in 10 times as often as at a ticket lock.",
);
const STD_PAST: Claim =
    Claim::observed("std-past", "Readers that std's RwLock let past a writer that waits.");
const WAITS: Claim = Claim::observed("waits", "The longest wait in a rush, in the median trial.");
const PASSES: Claim = Claim::observed(
    "passes",
    "Visits of others while one thread waited, at most, in the median trial.",
);

const EXPERIMENT: Experiment = Experiment {
    name: "starvation",
    question: "Who gets the lock, if everybody always wants it?",
    chapter: "races/starvation",
    parameters: &[&THREADS, &INSIDE, &LENGTH, &READERS],
    variants: &[
        STD,
        PARKING_LOT,
        PARKING_LOT_0_12,
        FAIR,
        BARGING,
        TICKET,
        STD_RW,
        WRITER_FIRST,
        READERS_FIRST,
    ],
    claims: &[
        &CIRCLE, &WAY_OUT, &NO_CIRCLE, &ORDER, &IN_TURN, &NONE_PAST, &ALL_PAST, &BARGES, &STD_PAST,
        &WAITS, &PASSES,
    ],
    trials: 9,
    quick_trials: 2,
    warm_up: false,
    sources: sources!["main.rs", "lib.rs", "readers.rs", "rush.rs", "spin.rs", "visits.rs"],
    twin: Some(include_str!("twin.py")),
};

type Go<'a> = &'a dyn Fn(Rush) -> Visits;
type Relay = fn(u64) -> u64;

fn main() -> ExitCode {
    EXPERIMENT.main(run)
}

fn run(run: &mut Run) -> anyhow::Result<()> {
    let rush = Rush {
        threads: run.count(&THREADS) as usize,
        inside: Duration::from_micros(run.count(&INSIDE)),
        length: Duration::from_millis(run.count(&LENGTH)),
    };
    let comers = run.count(&READERS);
    let out_of_turn = AtomicU64::new(0);
    let ticket = |rush| rush::ticket(rush, &out_of_turn);
    let locks: [(&'static str, Go); 6] = [
        (STD, &rush::std_mutex),
        (PARKING_LOT, &rush::parking_lot),
        (PARKING_LOT_0_12, &rush::parking_lot_0_12),
        (FAIR, &rush::fair_mutex),
        (BARGING, &rush::barging),
        (TICKET, &ticket),
    ];
    let relays: [(&'static str, Relay); 3] = [
        (STD_RW, readers::std_rwlock),
        (WRITER_FIRST, readers::writer_first),
        (READERS_FIRST, readers::readers_first),
    ];

    let mut drawn = Vec::new();
    run.trials(|trial| {
        drawn.clear();
        for (variant, go) in locks {
            let began = Instant::now();
            let (threads, spent) = trial.time(variant, || go(rush));
            let visits = threads.iter().map(Vec::len);
            let all: usize = visits.clone().sum();
            trial.record(VISITS, variant, all as f64 / spent.wall);
            trial.record(LONGEST, variant, longest_wait(&threads).as_secs_f64());
            trial.record(PASSED, variant, most_passed(&threads) as f64);
            trial.record(LEAST, variant, visits.min().unwrap_or(0) as f64 / all as f64);
            if [STD, PARKING_LOT_0_12, FAIR, TICKET].contains(&variant) {
                drawn.extend(lanes(variant, began + rush.length / 2, &threads));
            }
        }
        for (variant, relay) in relays {
            trial.record(PAST, variant, relay(comers) as f64);
        }
        Ok(())
    })?;
    run.bars(LONGEST);
    run.lanes(drawn);

    for (claim, scenario, outcomes) in [
        (&CIRCLE, "barging", &["got in", "livelock"][..]),
        (&NO_CIRCLE, "ticket", &["got in"]),
        (&ORDER, "in_order", &["in the order of their tickets"]),
    ] {
        run.possible(claim, (SCHEDULES, scenario), |ways| ways.ends_in(outcomes))?;
    }
    run.always_possible(&WAY_OUT, (SCHEDULES, "barging"), "got in")?;
    // Relaxed: every thread that wrote it has been joined.
    let wrong = out_of_turn.load(Relaxed);
    run.exact(&IN_TURN, wrong == 0, format!("{wrong} out of turn"));
    run.every_trial(&NONE_PAST, (PAST, WRITER_FIRST), |past| past == 0.0);
    run.every_trial(&ALL_PAST, (PAST, READERS_FIRST), |past| past == comers as f64);
    let passed = run.ratios((PASSED, STD), (PASSED, TICKET));
    if !cfg!(target_os = "linux") {
        run.untestable(&BARGES, "std's Mutex is this system's, which may have an order");
    } else if rush.length < 1_000 * rush.inside {
        run.untestable(&BARGES, "it takes time for a thousand visits");
    } else {
        run.robust(&BARGES, &passed, Bound::AtLeast(10.0));
    }
    let past = median(&run.samples(PAST, STD_RW));
    run.observed(&STD_PAST, format!("{} of {comers}", Unit::Count.format(past)));
    for (claim, quantity) in [(&WAITS, LONGEST), (&PASSES, PASSED)] {
        let seen = locks.map(|(variant, _)| {
            format!("{variant} {}", quantity.unit.format(median(&run.samples(quantity, variant))))
        });
        run.observed(claim, seen.join(", "));
    }
    Ok(())
}
