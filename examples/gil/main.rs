//! What is a global interpreter lock?
//!
//! ```text
//! cargo run --example gil
//! cargo run --example gil -- --interval 100 --twin
//! cargo run --example gil -- --program examples/gil/programs/counter.asm
//! ```
//!
//! Look at the times of two threads beside those of one, at the updates that
//! were lost, and at the timeline, which shows who held the lock when. With
//! `--program` the interpreter runs a program of yours. Chapter:
//! `book/gil/gil.md`.

mod gains;
mod interpreter;
mod losses;
mod yours;

use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context;
use interpreter::program::Program;
use interpreter::threads::{self, Doing, End, Way};
use taking_turns::{Experiment, Lane, Parameter, Quantity, Run, State, Trial, sources};

const LIMIT: Parameter =
    Parameter::count("limit", 75_000, (1_000, 10_000_000), "Each thread counts primes up to this")
        .quick(50_000);
const TIMES: Parameter =
    Parameter::count("times", 1_000_000, (1, 100_000_000), "Each thread adds one so often");
const INTERVAL: Parameter =
    Parameter::count("interval", 5_000, (1, 1_000_000), "Wait before a thread asks for the lock")
        .unit("µs");
const PROGRAM: Parameter = Parameter::file("program", "Run this program instead");

const WALL: Quantity = Quantity::seconds("wall time");

const EXPERIMENT: Experiment = Experiment {
    name: "gil",
    question: "What is a global interpreter lock?",
    chapter: "gil/gil",
    parameters: &[&LIMIT, &TIMES, &INTERVAL, &PROGRAM],
    variants: &[
        gains::PRIMES_IN_ROW,
        gains::PRIMES_LOCK,
        gains::PRIMES_FREE,
        gains::PRIMES_OWN,
        gains::SLEEP_IN_ROW,
        gains::SLEEP_LOCK,
        gains::LOOP_LOCK,
        gains::LOOP_FREE,
        losses::LOCK,
        losses::CALL,
        losses::EVERYWHERE,
        losses::FREE,
        yours::IN_ROW,
        yours::LOCK,
        yours::FREE,
        yours::OWN,
    ],
    claims: &[
        &gains::SAME,
        &gains::LOCK_GAINS_NOTHING,
        &gains::NO_LOCK_GAINS,
        &gains::OWN_LOCKS_GAIN,
        &gains::WAITING_GAINS,
        &losses::NONE_BETWEEN,
        &losses::CALL_BETWEEN,
        &losses::EVERY_INSTRUCTION,
        &losses::NO_LOCK,
        &losses::EXACT,
        &losses::SEEN,
    ],
    trials: 5,
    quick_trials: 2,
    // The fastest of several rounds has caches full and clocks risen.
    warm_up: false,
    sources: sources![
        "main.rs",
        "gains.rs",
        "losses.rs",
        "yours.rs",
        "interpreter/mod.rs",
        "interpreter/program.rs",
        "interpreter/assembler.rs",
        "interpreter/eval.rs",
        "interpreter/gil.rs",
        "interpreter/threads.rs",
        "programs/primes.asm",
        "programs/sleep.asm",
        "programs/loop.asm",
        "programs/counter.asm",
        "programs/counter_call.asm",
    ],
    twin: Some(include_str!("twin.py")),
};

fn main() -> ExitCode {
    EXPERIMENT.main(run)
}

fn run(run: &mut Run) -> anyhow::Result<()> {
    let interval = Duration::from_micros(run.count(&INTERVAL));
    let (limit, times) = (run.count(&LIMIT) as i64, run.count(&TIMES) as i64);
    losses::prove(run)?;
    if let Some(file) = run.text(&PROGRAM).map(str::to_owned) {
        return yours::run(run, &file, times, interval);
    }
    let (gains, losses) = (gains::jobs(limit, times), losses::jobs(times));
    let mut ends = Vec::new();
    run.trials(|trial| {
        ends = gains.iter().map(|_| None).collect();
        for round in 0..gains::ROUNDS {
            for (job, best) in gains.iter().zip(&mut ends) {
                if round < job.rounds {
                    keep_faster(best, job.run(trial, interval)?);
                }
            }
        }
        for (job, best) in gains.iter().zip(&ends) {
            gains::record(trial, job, best.as_ref().context("a job is run at least once")?);
        }
        for job in &losses {
            let timed = job.run(trial, interval)?;
            losses::record(trial, job, &timed);
        }
        Ok(())
    })?;
    let drawn = [gains::PRIMES_LOCK, gains::PRIMES_FREE, gains::SLEEP_LOCK];
    for (job, best) in gains.iter().zip(&ends).filter(|(job, _)| drawn.contains(&job.variant)) {
        run.lanes(best.iter().flat_map(|(_, end)| lanes(job.variant, end)));
    }
    gains::decide(run);
    losses::decide(run);
    Ok(())
}

/// A program, and a way to run it.
struct Job {
    variant: &'static str,
    program: Program,
    way: Way,
    /// What `main` is called with.
    number: i64,
    /// How often it is run in each trial, in turn with the others.
    rounds: usize,
}

/// Seconds, and what the program left.
type Timed = (f64, End);

impl Job {
    fn run(&self, trial: &mut Trial, interval: Duration) -> anyhow::Result<Timed> {
        let work = || (self.way)(&self.program, self.number, interval);
        let (end, spent) = trial.time(self.variant, work);
        Ok((spent.wall, end?))
    }
}

/// The fastest round counts: what other programs take of the processor can
/// only make one slower.
fn keep_faster(best: &mut Option<Timed>, timed: Timed) {
    if best.as_ref().is_none_or(|(wall, _)| timed.0 < *wall) {
        *best = Some(timed);
    }
}

/// A lane for each thread, from the moment at which the first of them began.
fn lanes(variant: &str, end: &End) -> Vec<Lane> {
    let spans = end.threads.iter().flat_map(|thread| &thread.spans);
    let Some(start) = spans.map(|span| span.0).min() else { return Vec::new() };
    let seconds = |instant: std::time::Instant| (instant - start).as_secs_f64();
    let state = |doing| match doing {
        Doing::Running => State::Running,
        Doing::Sleeping => State::Waiting,
        Doing::WantingTheLock => State::Blocked,
    };
    let lane = |(number, thread): (usize, &threads::Thread)| Lane {
        variant: variant.to_owned(),
        name: format!("T{number}"),
        spans: thread.spans.iter().map(|&(a, b, d)| (seconds(a), seconds(b), state(d))).collect(),
    };
    (1..).zip(&end.threads).map(lane).collect()
}
