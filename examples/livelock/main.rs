//! How can everybody be busy and nobody get on?
//!
//! ```text
//! cargo run --example livelock
//! cargo run --example livelock -- --threads 7 --twin
//! ```
//!
//! Look at how many tries end with nobody in, and at which pauses help.
//! Chapter: `book/races/livelock.md`.

mod after_you;
mod pauses;

use std::process::ExitCode;
use std::sync::{Barrier, Mutex};
use std::thread;

use after_you::{at_once, in_step};
use taking_turns::{Claim, Experiment, Parameter, Quantity, Run, sources, statistics};

const THREADS: Parameter =
    Parameter::count("threads", 4, (2, 16), "Threads, and locks in the ring");
/// By number the last one is in one round after there are threads. By lot, of
/// 20 000 seeds the slowest takes 53.
const ROUNDS: Parameter =
    Parameter::count("rounds", 100, (100, 10_000), "Rounds after which those in step give up");
const ENTRIES: Parameter =
    Parameter::count("entries", 20_000, (1, 10_000_000), "Entries of each thread without a beat")
        .quick(2_000);

const NO_PAUSE: &str = "in step, no pause";
const SAME_PAUSE: &str = "in step, same pause";
const OWN_PAUSE: &str = "in step, own pause";
const RANDOM_PAUSE: &str = "in step, random";
/// Each thread for itself, again and again.
const FREE: &str = "free, no pause";

/// Own lock taken and next one looked at, by all threads together.
const TRIES: Quantity = Quantity::count("tries");
const GOT_IN: Quantity = Quantity::count("got in");
const LAST_IN: Quantity = Quantity::count("last in, round");
const TRIES_PER_ENTRY: Quantity = Quantity::ratio("tries per entry");

/// What the explorer found; `cargo explore livelock` shows it.
const SCHEDULES: &str = include_str!("schedules.json");

const CIRCLE: Claim = Claim::possible(
    "circle",
    "Two who give back and try again at once both get in, or go on for ever.",
);
const WAY_OUT: Claim = Claim::possible(
    "way-out",
    "Wherever those two stand, a schedule is left by which both get in.",
);
const NO_WAY_OUT: Claim =
    Claim::possible("no-way-out", "To a common beat, no schedule at all lets both in.");
const NOBODY: Claim =
    Claim::exact("nobody", "In step without a pause, or all with the same, nobody gets in.");
const EVERYBODY: Claim =
    Claim::exact("everybody", "In step with uneven pauses, own or random, everybody gets in.");
const UNFORCED: Claim = Claim::observed(
    "unforced",
    "Without a beat, threads that try again at once get in all the same.",
);

const EXPERIMENT: Experiment = Experiment {
    name: "livelock",
    question: "How can everybody be busy and nobody get on?",
    chapter: "races/livelock",
    parameters: &[&THREADS, &ROUNDS, &ENTRIES],
    variants: &[NO_PAUSE, SAME_PAUSE, OWN_PAUSE, RANDOM_PAUSE, FREE],
    claims: &[&CIRCLE, &WAY_OUT, &NO_WAY_OUT, &NOBODY, &EVERYBODY, &UNFORCED],
    trials: 30,
    quick_trials: 10,
    warm_up: false,
    sources: sources!["main.rs", "after_you.rs", "pauses.rs"],
    twin: Some(include_str!("twin.py")),
};

fn main() -> ExitCode {
    EXPERIMENT.main(run)
}

fn run(run: &mut Run) -> anyhow::Result<()> {
    let threads = run.count(&THREADS) as usize;
    let rounds = run.count(&ROUNDS);
    let entries = run.count(&ENTRIES);

    run.trials(|trial| {
        let beat = Barrier::new(threads);
        let seed = (trial.index * threads) as u64;
        let no_pause = |locks: &_, me| in_step(locks, me, &beat, rounds, pauses::none);
        let same_pause = |locks: &_, me| in_step(locks, me, &beat, rounds, pauses::same);
        let own_pause = |locks: &_, me| in_step(locks, me, &beat, rounds, pauses::own(me));
        let random_pause =
            |locks: &_, me| in_step(locks, me, &beat, rounds, pauses::random(seed + me as u64));
        let variants: [(_, &GetIn); 4] = [
            (NO_PAUSE, &no_pause),
            (SAME_PAUSE, &same_pause),
            (OWN_PAUSE, &own_pause),
            (RANDOM_PAUSE, &random_pause),
        ];
        for (variant, get_in) in variants {
            let (came, _) = trial.time(variant, || ring(threads, get_in));
            let tries: u64 = came.iter().map(|(tries, _)| tries).sum();
            let got_in: Vec<u64> = came.iter().filter_map(|&(_, round)| round).collect();
            trial.record(TRIES, variant, tries as f64);
            trial.record(GOT_IN, variant, got_in.len() as f64);
            if let Some(&last) = got_in.iter().max() {
                trial.record(LAST_IN, variant, last as f64);
                trial.record(TRIES_PER_ENTRY, variant, tries as f64 / got_in.len() as f64);
            }
        }
        let free = |locks: &_, me| {
            beat.wait();
            let tries = (0..entries).map(|_| at_once(locks, me)).sum();
            (tries, None)
        };
        let (came, _) = trial.time(FREE, || ring(threads, &free));
        let tries: u64 = came.iter().map(|(tries, _)| tries).sum();
        trial.record(TRIES, FREE, tries as f64);
        trial.record(GOT_IN, FREE, came.len() as f64);
        trial.record(TRIES_PER_ENTRY, FREE, tries as f64 / (threads as u64 * entries) as f64);
        Ok(())
    })?;
    run.histogram(LAST_IN, RANDOM_PAUSE);

    run.possible(&CIRCLE, (SCHEDULES, "at_once"), |ways| {
        ways.ends_in(&["both got in", "livelock"])
    })?;
    run.always_possible(&WAY_OUT, (SCHEDULES, "at_once"), "both got in")?;
    run.possible(&NO_WAY_OUT, (SCHEDULES, "in_step"), |ways| ways.ends_in(&["livelock"]))?;
    for (claim, variants, expected) in
        [(&NOBODY, [NO_PAUSE, SAME_PAUSE], 0), (&EVERYBODY, [OWN_PAUSE, RANDOM_PAUSE], threads)]
    {
        let samples = variants.map(|variant| run.samples(GOT_IN, variant)).concat();
        let right = samples.iter().filter(|&&got_in| got_in == expected as f64).count();
        let all = samples.len();
        run.exact(
            claim,
            right == all,
            format!("{expected} of {threads} in {right} of {all} rings"),
        );
    }
    let tries = run.samples(TRIES_PER_ENTRY, FREE);
    let (median, (_, most)) = (statistics::median(&tries), statistics::range(&tries));
    run.observed(
        &UNFORCED,
        format!("{median:.2} tries for an entry in the median, {most:.2} at most"),
    );
    Ok(())
}

/// How a thread gets in: its tries, and the round, if it did and there are any.
type GetIn<'a> = dyn Fn(&[Mutex<()>], usize) -> (u64, Option<u64>) + Sync + 'a;

/// So many threads round so many locks.
fn ring(threads: usize, get_in: &GetIn) -> Vec<(u64, Option<u64>)> {
    let locks: Vec<Mutex<()>> = (0..threads).map(|_| Mutex::new(())).collect();
    let locks = &locks;
    thread::scope(|scope| {
        let threads: Vec<_> =
            (0..threads).map(|me| scope.spawn(move || get_in(locks, me))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    })
}
