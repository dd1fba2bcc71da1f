//! Can one interface serve threads and processes?
//!
//! ```text
//! cargo run --example executors
//! cargo run --example executors -- --workers 4 --jobs 20 --twin
//! ```
//!
//! Look at how many futures fail when one job panics, dies or babbles, and at
//! what a short job costs in either pool. Chapter: `book/threads/executors.md`.

mod executor;
mod future;
mod job;
mod process_pool;
mod thread_pool;
mod worker;

use std::process::ExitCode;
use std::{env, panic};

use executor::Executor;
use future::{Failure, Future, Outcome, as_completed};
use job::Job;
use process_pool::ProcessPool;
use taking_turns::{Bound, Claim, Experiment, Parameter, Quantity, Run, sources};
use thread_pool::ThreadPool;

const WORKERS: Parameter = Parameter::count("workers", 2, (1, 64), "Workers in a pool");
const JOBS: Parameter = Parameter::count("jobs", 8, (2, 1_000), "Jobs that are submitted");
const BELOW: Parameter =
    Parameter::count("below", 50_000, (10, 10_000_000), "The first job counts primes below this")
        .quick(20_000);

const THREADS: &str = "threads";
const PROCESSES: &str = "processes";
const THREADS_PANIC: &str = "threads, a panic";
const PANIC: &str = "processes, a panic";
const KILL: &str = "processes, a kill";
const BABBLE: &str = "processes, a babble";

const START_STOP: Quantity = Quantity::seconds("start, a job, stop");
const MAP: Quantity = Quantity::seconds("map");
const SHORT: Quantity = Quantity::seconds("a short job");
const FIRST_CAME: Quantity = Quantity::count("first came as");
const FAILED: Quantity = Quantity::count("futures failed");
const GOES_ON: Quantity = Quantity::count("takes more jobs");

const IN_ORDER: Claim = Claim::exact(
    "in-order",
    "Whichever job ends first, map gives the results in the order of the jobs, in both pools.",
);
const ONCE: Claim =
    Claim::exact("each-once", "As they are completed, each future is handed out once.");
const ALONE: Claim = Claim::exact(
    "fails-alone",
    "A job that panics fails its own future alone, with its message, in both pools.",
);
const KILLED: Claim = Claim::exact(
    "killed-is-told",
    "A worker that is killed fails the future of its job alone, which tells the signal.",
);
const UNREADABLE: Claim = Claim::exact(
    "babble-is-told",
    "An answer that is no result fails the future of its job alone.",
);
const GONE: Claim = Claim::exact(
    "all-gone",
    "Once a pool is dropped, every job has its outcome, and every worker process was waited for.",
);
const COST: Claim = Claim::robust(
    "short-jobs",
    "A short job that goes to another process and back costs several times what it costs here.",
);

const EXPERIMENT: Experiment = Experiment {
    name: "executors",
    question: "Can one interface serve threads and processes?",
    chapter: "threads/executors",
    parameters: &[&WORKERS, &JOBS, &BELOW],
    variants: &[THREADS, PROCESSES, THREADS_PANIC, PANIC, KILL, BABBLE],
    claims: &[&IN_ORDER, &ONCE, &ALONE, &KILLED, &UNREADABLE, &GONE, &COST],
    trials: 20,
    quick_trials: 5,
    warm_up: false,
    sources: sources![
        "main.rs",
        "executor.rs",
        "future.rs",
        "job.rs",
        "thread_pool.rs",
        "process_pool.rs",
        "worker.rs",
    ],
    twin: Some(include_str!("twin.py")),
};

/// Short jobs in a trial: enough for a mean.
const SHORT_JOBS: usize = 200;

fn main() -> ExitCode {
    // A worker is this program once more.
    match env::var_os(worker::WORKER) {
        Some(_) => worker::work().map_or(ExitCode::FAILURE, |()| ExitCode::SUCCESS),
        None => EXPERIMENT.main(run),
    }
}

fn run(run: &mut Run) -> anyhow::Result<()> {
    let workers = run.count(&WORKERS) as usize;
    let (count, below) = (run.count(&JOBS) as usize, run.count(&BELOW));
    let threads: fn(usize) -> Box<dyn Executor> = |workers| Box::new(ThreadPool::new(workers));
    let processes: fn(usize) -> Box<dyn Executor> = |workers| Box::new(ProcessPool::new(workers));

    // The first job is by far the longest, so that the others need not wait for it.
    let others = (1..count as u64).map(|n| Job::Primes(below / (9 + n)));
    let jobs: Vec<_> = [Job::Primes(below)].into_iter().chain(others).collect();
    let expected: Vec<Outcome> = jobs.iter().map(|job| Ok(job.run())).collect();
    let short = [Job::Primes(10); SHORT_JOBS];
    // The panics are asked for; their messages are read from futures, not printed.
    panic::set_hook(Box::new(|_| {}));

    let mut verdicts = Vec::new();
    run.trials(|trial| {
        for (variant, pool) in [(THREADS, threads), (PROCESSES, processes)] {
            let (_, spent) = trial.time(variant, || pool(workers).submit(Job::Primes(10)).result());
            trial.record(START_STOP, variant, spent.wall);

            let pool = pool(workers);
            let (outcomes, spent) = trial.time(variant, || pool.map(&jobs));
            trial.record(MAP, variant, spent.wall);
            verdicts.push((&IN_ORDER, outcomes == expected));

            let futures: Vec<_> = jobs.iter().map(|job| pool.submit(*job)).collect();
            let mut order: Vec<_> = as_completed(&futures).collect();
            let first = order.iter().position(|&number| number == 0);
            trial.record(FIRST_CAME, variant, first.map_or(0.0, |place| place as f64 + 1.0));
            order.sort_unstable();
            verdicts.push((&ONCE, order.into_iter().eq(0..count)));

            let (_, spent) = trial.time(variant, || pool.map(&short));
            trial.record(SHORT, variant, spent.wall / SHORT_JOBS as f64);
        }

        let gave_up = Failure::Panicked("the job gave up".to_owned());
        let killed = Failure::Lost("signal: 9 (SIGKILL)".to_owned());
        let babbled = Failure::Unreadable(b"never mind".to_vec());
        for (variant, pool, claim, job, failure) in [
            (THREADS_PANIC, threads, &ALONE, Job::Panic, gave_up.clone()),
            (PANIC, processes, &ALONE, Job::Panic, gave_up),
            (KILL, processes, &KILLED, Job::Die, killed),
            (BABBLE, processes, &UNREADABLE, Job::Babble, babbled),
        ] {
            let pool = pool(workers);
            let futures: Vec<_> =
                [job].iter().chain(&jobs[1..]).map(|job| pool.submit(*job)).collect();
            let (outcomes, _) =
                trial.time(variant, || futures.iter().map(Future::result).collect::<Vec<_>>());
            let failed = outcomes.iter().filter(|outcome| outcome.is_err()).count();
            trial.record(FAILED, variant, failed as f64);
            verdicts.push((claim, outcomes[0] == Err(failure) && outcomes[1..] == expected[1..]));
            let goes_on = pool.submit(jobs[1]).result() == expected[1];
            trial.record(GOES_ON, variant, goes_on.into());
            // Submitted, and not waited for: dropping the pool does that.
            let last = pool.submit(jobs[0]);
            drop(pool);
            verdicts.push((&GONE, last.result() == expected[0] && !has_a_child()));
        }
        Ok(())
    })?;
    let _ = panic::take_hook();

    for claim in EXPERIMENT.claims.iter().filter(|claim| **claim != &COST) {
        let about: Vec<_> = verdicts.iter().filter(|(decided, _)| decided == claim).collect();
        let kept = about.iter().filter(|(_, holds)| *holds).count();
        run.exact(claim, kept == about.len(), format!("{kept} of {} pools", about.len()));
    }
    let times = run.ratios((SHORT, PROCESSES), (SHORT, THREADS));
    run.robust(&COST, &times, Bound::AtLeast(3.0));
    Ok(())
}

/// Whether a process is left that we started, running or waiting to be waited for.
#[cfg(unix)]
fn has_a_child() -> bool {
    use nix::sys::wait::{Id, WaitPidFlag, waitid};
    let look = WaitPidFlag::WEXITED | WaitPidFlag::WNOHANG | WaitPidFlag::WNOWAIT;
    waitid(Id::All, look) != Err(nix::errno::Errno::ECHILD)
}

#[cfg(not(unix))]
fn has_a_child() -> bool {
    false
}
