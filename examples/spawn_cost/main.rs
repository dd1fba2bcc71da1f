//! What does one more worker cost?
//!
//! ```text
//! cargo run --example spawn_cost
//! cargo run --example spawn_cost -- --workers 1000 --ballast 1024 --twin
//! ```
//!
//! Look at the time from the start of a worker to its end, at the memory of
//! one that waits, and at what a large parent does to both ways of making a
//! process. Chapter: `book/processes/spawn_cost.md`.

#[cfg(target_os = "linux")]
mod memory;
mod workers;

use std::io;
use std::process::ExitCode;
use std::{env, hint};

use anyhow::Context;
use taking_turns::quantity::Unit;
use taking_turns::report::Scale;
use taking_turns::statistics::median;
use taking_turns::{Bound, Claim, Experiment, Parameter, Quantity, Run, Trial, sources};
use workers::{NOTHING, ROLE};

const WORKERS: Parameter =
    Parameter::count("workers", 100, (10, 2_000), "Workers of each kind, one after another")
        .quick(40);
const BALLAST: Parameter =
    Parameter::count("ballast", 256, (64, 4_096), "Memory of the largest parent that forks")
        .unit("MiB")
        .quick(64);

/// A task is too short for a clock, so we make so many times more of them.
const TASKS: u64 = 100;
/// A large parent forks slowly, so we make so many times fewer.
const FEWER: u64 = 20;
/// The larger parents: these parts of the largest.
const PARTS: [u64; 4] = [64, 16, 4, 1];

const TASK: &str = "task";
const THREAD: &str = "thread";
const FORK: &str = "fork";
const EXEC: &str = "exec";

const WALL: Quantity = Quantity::seconds("start and join");
const MEMORY: Quantity = Quantity::bytes("memory");
const PARENT: Quantity = Quantity::bytes("memory of the parent");

const TASK_THREAD: Claim =
    Claim::robust("task-thread", "A thread takes at least five times as long as a task.");
const THREAD_FORK: Claim =
    Claim::robust("thread-fork", "A fork takes at least 1.5 times as long as a thread.");
const FORK_EXEC: Claim =
    Claim::robust("fork-exec", "From a small parent, an exec'd process takes at least 1.5 times as long as a fork.");
const FORK_GROWS: Claim = Claim::robust(
    "fork-grows",
    "A parent with 64 times the memory takes at least four times as long to fork.",
);
const EXEC_STAYS: Claim = Claim::robust(
    "exec-stays",
    "Such a parent takes at most twice as long as a small one to run another program.",
);
const LIGHTER: Claim =
    Claim::robust("lighter", "A waiting thread keeps at least five times the memory of a task.");
const FIGURES: Claim =
    Claim::observed("memory", "Memory of a worker that waits: task, thread, fork, exec.");

const EXPERIMENT: Experiment = Experiment {
    name: "spawn_cost",
    question: "What does one more worker cost?",
    chapter: "processes/spawn_cost",
    parameters: &[&WORKERS, &BALLAST],
    variants: &[TASK, THREAD, FORK, EXEC],
    claims: &[&TASK_THREAD, &THREAD_FORK, &FORK_EXEC, &FORK_GROWS, &EXEC_STAYS, &LIGHTER, &FIGURES],
    trials: 12,
    quick_trials: 5,
    warm_up: false,
    sources: sources!["main.rs", "workers.rs", "memory.rs"],
    twin: Some(include_str!("twin.py")),
};

fn main() -> ExitCode {
    match env::var(ROLE) {
        Err(_) => EXPERIMENT.main(run),
        Ok(role) if role == NOTHING => ExitCode::SUCCESS,
        #[cfg(target_os = "linux")]
        Ok(role) => memory::play(&role).map_or(ExitCode::FAILURE, |()| ExitCode::SUCCESS),
        #[cfg(not(target_os = "linux"))]
        Ok(_) => ExitCode::FAILURE,
    }
}

fn run(run: &mut Run) -> anyhow::Result<()> {
    let (workers, ballast) = (run.count(&WORKERS), run.count(&BALLAST) << 20);
    let (tasks, few) = (workers * TASKS, workers / FEWER);
    let this = env::current_exe().context("cannot find this program")?;
    let exec = || workers::exec(&this);
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    // In pages of their usual size: huge ones would be few.
    #[cfg(target_os = "linux")]
    nix::sys::prctl::set_thp_disable(true)?;

    run.trials(|trial| {
        let all_tasks = async {
            for _ in 0..tasks {
                workers::task().await;
            }
        };
        let (_, spent) = trial.time(TASK, || runtime.block_on(all_tasks));
        trial.record(WALL, TASK, spent.wall / tasks as f64);
        let thread = || {
            workers::thread();
            Ok(())
        };
        each(trial, THREAD, None, workers, thread)?;
        #[cfg(unix)]
        each(trial, FORK, None, workers, workers::fork)?;
        each(trial, EXEC, None, workers, exec)?;

        // Address space alone costs nothing; what is written to is there.
        let mut memory: Vec<u8> = Vec::with_capacity(ballast as usize);
        for part in PARTS {
            memory.resize((ballast / part) as usize, 1);
            let size = Some(memory.len() as f64);
            #[cfg(unix)]
            each(trial, FORK, size, few, workers::fork)?;
            each(trial, EXEC, size, few, exec)?;
            hint::black_box(&memory);
        }
        drop(memory);

        #[cfg(target_os = "linux")]
        for (variant, workers) in
            [(TASK, tasks), (THREAD, workers), (FORK, workers), (EXEC, workers)]
        {
            let bytes = memory::weigh(&this, variant, workers)
                .with_context(|| format!("cannot weigh a waiting {variant}"))?;
            trial.record(MEMORY, variant, bytes);
        }
        Ok(())
    })?;
    run.lines(WALL, PARENT, (Scale::Logarithmic, Scale::Logarithmic));

    let [smallest, largest] = [PARTS[0], 1].map(|part| (ballast / part) as f64);
    let grown = |run: &Run, kind| run.ratios_at((WALL, kind, largest), (WALL, kind, smallest));
    for (claim, ratios, bound) in [
        (&TASK_THREAD, run.ratios((WALL, THREAD), (WALL, TASK)), Bound::AtLeast(5.0)),
        (&THREAD_FORK, run.ratios((WALL, FORK), (WALL, THREAD)), Bound::AtLeast(1.5)),
        (&FORK_EXEC, run.ratios((WALL, EXEC), (WALL, FORK)), Bound::AtLeast(1.5)),
        (&FORK_GROWS, grown(run, FORK), Bound::AtLeast(4.0)),
        (&EXEC_STAYS, grown(run, EXEC), Bound::AtMost(2.0)),
        (&LIGHTER, run.ratios((MEMORY, THREAD), (MEMORY, TASK)), Bound::AtLeast(5.0)),
    ] {
        if cfg!(target_os = "linux") {
            run.robust(claim, &ratios, bound);
        } else {
            run.untestable(claim, "fork is measured, and memory weighed, on Linux");
        }
    }
    let weighed = [TASK, THREAD, FORK, EXEC].map(|variant| run.samples(MEMORY, variant));
    let weighed = weighed.iter().filter(|samples| !samples.is_empty());
    let weighed: Vec<_> = weighed.map(|bytes| Unit::Bytes.format(median(bytes))).collect();
    run.observed(&FIGURES, weighed.join(", "));
    Ok(())
}

/// Makes `workers` of a kind, one after another: from a small parent, or from
/// one whose ballast has the given size.
fn each(
    trial: &mut Trial,
    variant: &'static str,
    size: Option<f64>,
    workers: u64,
    mut start_and_join: impl FnMut() -> io::Result<()>,
) -> anyhow::Result<()> {
    let (result, spent) = trial.time(variant, || (0..workers).try_for_each(|_| start_and_join()));
    result.with_context(|| format!("cannot make a worker by {variant}"))?;
    let seconds = spent.wall / workers as f64;
    match size {
        None => trial.record(WALL, variant, seconds),
        Some(size) => trial.record_at(WALL, variant, size, seconds),
    }
    Ok(())
}
