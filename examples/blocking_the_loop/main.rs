//! What does one slow function do to everybody?
//!
//! ```text
//! cargo run --example blocking_the_loop
//! cargo run --example blocking_the_loop -- --job 300 --twin
//! ```
//!
//! A heart beats on an event loop while a job computes. Look at the lines: how
//! late each beat came. Then at the timeline, where the heart's line breaks off
//! for as long as it could not beat. Chapter: `book/turns/blocking_the_loop.md`.

mod watch;

use std::process::ExitCode;
use std::thread;
use std::time::Duration;

use blocking_the_loop::full::ask_behind;
use blocking_the_loop::job::Job;
use blocking_the_loop::ways;
use taking_turns::quantity::Unit;
use taking_turns::report::Scale;
use taking_turns::{Bound, Claim, Experiment, Parameter, Quantity, Run, sources};
use tokio::runtime::Builder;
use watch::{Way, watch_job, watch_pool};

const JOB: Parameter =
    Parameter::count("job", 120, (100, 5_000), "How long the job computes, undisturbed").unit("ms");
const POOL: Parameter =
    Parameter::count("pool", 2, (1, 64), "Threads of the blocking pool that runs full");
const WAITING: Parameter =
    Parameter::count("waiting", 4, (1, 200), "Jobs that are handed to it, and wait 20 ms each");

/// The heart's beat. Tokio's clock has steps of 1 ms.
const EVERY: Duration = Duration::from_millis(5);
/// How long each job in the full pool waits.
const EACH: Duration = Duration::from_millis(20);

const INLINE: &str = "inline";
const YIELDS: &str = "yields";
const BUDGET: &str = "tokio's budget";
const NO_BUDGET: &str = "without budget";
const BLOCKING: &str = "spawn_blocking";
const RAYON: &str = "rayon";
const ROOMY: &str = "room in the pool";
const FULL: &str = "full pool";

const WORST: Quantity = Quantity::seconds("latest beat");
const MEANWHILE: Quantity = Quantity::count("beats meanwhile");
const TURNS: Quantity = Quantity::count("turns");
const TOOK: Quantity = Quantity::seconds("job");
const LATE: Quantity = Quantity::seconds("how late the beat came");
const DUE: Quantity = Quantity::seconds("when the beat was due");
const AT_ONCE: Quantity = Quantity::count("jobs at once");
const ANSWER: Quantity = Quantity::seconds("answer from the pool");

const STANDS_STILL: Claim = Claim::exact(
    "stands-still",
    "While a job computes on the loop and never yields, no beat comes.",
);
const EVERY_128: Claim = Claim::exact(
    "every-128",
    "A task that finds a message at every await is made to yield after 128 of them.",
);
const WHOLE: Claim = Claim::robust(
    "whole-job",
    "A job on the loop makes the next beat late by at least nine tenths of the job.",
);
const POOL_TENTH: Claim = Claim::robust(
    "pool-tenth",
    "On the blocking pool it delays the latest beat by at most a tenth of that.",
);
const RAYON_TENTH: Claim =
    Claim::robust("rayon-tenth", "On rayon's pool it delays the latest beat by at most a tenth.");
const NO_MORE: Claim =
    Claim::exact("no-more", "Never are more jobs under way than the pool has threads.");
const BEHIND: Claim = Claim::exact(
    "behind",
    "In a full pool a question about a file is answered when a thread is free, and not before.",
);
const HEALTHY: Claim =
    Claim::observed("healthy", "The heart went on beating while the pool was full.");

const EXPERIMENT: Experiment = Experiment {
    name: "blocking_the_loop",
    question: "What does one slow function do to everybody?",
    chapter: "turns/blocking_the_loop",
    parameters: &[&JOB, &POOL, &WAITING],
    variants: &[INLINE, YIELDS, BUDGET, NO_BUDGET, BLOCKING, RAYON, ROOMY, FULL],
    claims: &[
        &STANDS_STILL,
        &EVERY_128,
        &WHOLE,
        &POOL_TENTH,
        &RAYON_TENTH,
        &NO_MORE,
        &BEHIND,
        &HEALTHY,
    ],
    trials: 7,
    quick_trials: 3,
    warm_up: false,
    sources: sources!["main.rs", "ways.rs", "heart.rs", "job.rs", "full.rs", "lib.rs", "watch.rs"],
    twin: Some(include_str!("twin.py")),
};

fn main() -> ExitCode {
    EXPERIMENT.main(run)
}

fn run(run: &mut Run) -> anyhow::Result<()> {
    let time = Duration::from_millis(run.count(&JOB));
    let job = Job::taking(time);
    let (pool, waiting) = (run.count(&POOL) as usize, run.count(&WAITING) as usize);
    let event_loop = Builder::new_current_thread().enable_time().build()?;
    let small = Builder::new_current_thread().enable_time().max_blocking_threads(pool).build()?;

    let ways: [(_, Way); 6] = [
        (INLINE, |job| Box::pin(ways::inline(job))),
        (YIELDS, |job| Box::pin(ways::yields(job))),
        (BUDGET, |job| Box::pin(ways::budget(job))),
        (NO_BUDGET, |job| Box::pin(ways::no_budget(job))),
        (BLOCKING, |job| Box::pin(ways::blocking_pool(job))),
        (RAYON, |job| Box::pin(ways::rayon(job))),
    ];
    let right = event_loop.block_on(ways::inline(job.again()));
    let (mut wrong, mut lanes, mut full) = (0, Vec::new(), Vec::new());
    run.trials(|trial| {
        lanes.clear();
        for (variant, way) in ways {
            let (seen, _) = trial.time(variant, || watch_job(&event_loop, EVERY, way, job.again()));
            wrong += u64::from(seen.result != right);
            trial.record(WORST, variant, seen.heart.latest());
            trial.record(MEANWHILE, variant, seen.beats_meanwhile() as f64);
            trial.record(TURNS, variant, seen.turns as f64);
            trial.record(TOOK, variant, seen.took());
            // Every fourth beat, for as long as the job should take, is enough for a picture.
            for (due, late) in seen.heart.lateness(EVERY).skip(3).step_by(4) {
                if due <= time.as_secs_f64() {
                    trial.record_at(LATE, variant, due, late);
                }
            }
            lanes.extend(seen.lanes(variant));
        }
        for (variant, runtime) in [(ROOMY, &event_loop), (FULL, &small)] {
            let ask = ask_behind(waiting, EACH);
            let (seen, _) = trial.time(variant, || watch_pool(runtime, EVERY, ask));
            trial.record(WORST, variant, seen.heart.latest());
            trial.record(AT_ONCE, variant, seen.served.at_once() as f64);
            trial.record(ANSWER, variant, seen.served.answered.as_secs_f64());
            lanes.extend(seen.lanes(variant));
            if variant == FULL {
                full.push(seen.served);
            }
        }
        Ok(())
    })?;
    anyhow::ensure!(wrong == 0, "{wrong} jobs had a wrong result");
    run.lines(LATE, DUE, (Scale::Linear, Scale::Linear));
    run.lanes(lanes);

    let came: f64 = [INLINE, NO_BUDGET].iter().flat_map(|way| run.samples(MEANWHILE, way)).sum();
    let jobs = 2 * run.samples(MEANWHILE, INLINE).len();
    run.exact(&STANDS_STILL, came == 0.0, format!("{came} beats during {jobs} jobs"));
    // One more to find the channel closed.
    let expected = (job.pieces().count() as u64 + 1).div_ceil(128) as f64;
    run.every_trial(&EVERY_128, (TURNS, BUDGET), |turns| turns == expected);

    run.robust(&WHOLE, &run.ratios((WORST, INLINE), (TOOK, INLINE)), Bound::AtLeast(0.9));
    for (claim, variant) in [(&POOL_TENTH, BLOCKING), (&RAYON_TENTH, RAYON)] {
        if thread::available_parallelism().is_ok_and(|cores| cores.get() > 1) {
            let ratios = run.ratios((WORST, variant), (WORST, INLINE));
            run.robust(claim, &ratios, Bound::AtMost(0.1));
        } else {
            run.untestable(claim, "loop and pool share one core");
        }
    }

    let most = full.iter().map(|served| served.at_once()).max().unwrap_or(0);
    run.exact(&NO_MORE, most <= pool, format!("{most} of {waiting} jobs, {pool} threads"));
    if waiting < pool {
        run.untestable(&BEHIND, format!("{waiting} jobs do not fill {pool} threads"));
    } else {
        let fewest = full.iter().map(|served| served.before_answer()).min().unwrap_or(0);
        let evidence = format!("{fewest} jobs or more had ended before the answer came");
        run.exact(&BEHIND, fewest > waiting - pool, evidence);
    }
    let latest = run.samples(WORST, FULL).into_iter().fold(0.0, f64::max);
    run.observed(&HEALTHY, format!("no beat was later than {}", Unit::Seconds.format(latest)));
    Ok(())
}
