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

use std::io::{self, Write};
use std::process::{Command, ExitCode};
use std::{env, hint};

use anyhow::Context;
use taking_turns::quantity::Unit;
use taking_turns::statistics::median;
use taking_turns::{Bound, Claim, Experiment, Parameter, Quantity, Run, Trial, sources};
use workers::{NOTHING, ROLE};

const WORKERS: Parameter =
    Parameter::count("workers", 100, (10, 2_000), "Workers of each kind, one after another")
        .quick(40);
const BALLAST: Parameter =
    Parameter::count("ballast", 256, (16, 4_096), "Memory that a large parent has written to")
        .unit("MiB")
        .quick(64);

/// A task is too short for a clock, so we make so many times more of them.
const TASKS: u64 = 100;
/// A large parent forks slowly, so we make so many times fewer.
const LARGE: u64 = 10;

const TASK: &str = "task";
const THREAD: &str = "thread";
const FORK: &str = "fork";
const EXEC: &str = "exec";
const LARGE_FORK: &str = "fork, large";
const LARGE_EXEC: &str = "exec, large";

const WALL: Quantity = Quantity::seconds("start and join");
const MEMORY: Quantity = Quantity::bytes("memory");

const TASK_THREAD: Claim =
    Claim::robust("task-thread", "A thread takes at least five times as long as a task.");
const THREAD_FORK: Claim =
    Claim::robust("thread-fork", "A fork takes at least 1.5 times as long as a thread.");
const FORK_EXEC: Claim =
    Claim::robust("fork-exec", "An exec'd process takes at least 1.5 times as long as a fork.");
const FORK_GROWS: Claim = Claim::robust(
    "fork-grows",
    "A large parent's fork takes at least four times as long as a small one's.",
);
const EXEC_STAYS: Claim =
    Claim::robust("exec-stays", "An exec from a large parent takes at most twice as long.");
const LIGHTER: Claim =
    Claim::robust("lighter", "A waiting thread keeps at least five times the memory of a task.");
const FIGURES: Claim =
    Claim::observed("memory", "Memory of a worker that waits: task, thread, fork, exec.");

const EXPERIMENT: Experiment = Experiment {
    name: "spawn_cost",
    question: "What does one more worker cost?",
    chapter: "processes/spawn_cost",
    parameters: &[&WORKERS, &BALLAST],
    variants: &[TASK, THREAD, FORK, EXEC, LARGE_FORK, LARGE_EXEC],
    claims: &[&TASK_THREAD, &THREAD_FORK, &FORK_EXEC, &FORK_GROWS, &EXEC_STAYS, &LIGHTER, &FIGURES],
    trials: 12,
    quick_trials: 5,
    warm_up: false,
    sources: sources!["main.rs", "workers.rs", "memory.rs"],
    twin: Some(include_str!("twin.py")),
};

fn main() -> ExitCode {
    match env::var(ROLE) {
        Ok(role) if role == NOTHING => ExitCode::SUCCESS,
        Ok(role) => play(&role).map_or(ExitCode::FAILURE, |()| ExitCode::SUCCESS),
        Err(_) => EXPERIMENT.main(run),
    }
}

fn run(run: &mut Run) -> anyhow::Result<()> {
    let (workers, ballast) = (run.count(&WORKERS), run.count(&BALLAST));
    let this = env::current_exe().context("cannot find this program")?;
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    let exec = || workers::exec(&this);
    // In pages of their usual size: huge ones would be few.
    #[cfg(target_os = "linux")]
    nix::sys::prctl::set_thp_disable(true)?;

    run.trials(|trial| {
        let tasks = workers * TASKS;
        let (_, spent) = trial.time(TASK, || {
            runtime.block_on(async {
                for _ in 0..tasks {
                    workers::task().await;
                }
            })
        });
        trial.record(WALL, TASK, spent.wall / tasks as f64);
        each(trial, THREAD, workers, || {
            workers::thread();
            Ok(())
        })?;
        #[cfg(unix)]
        each(trial, FORK, workers, workers::fork)?;
        each(trial, EXEC, workers, exec)?;

        let ballast = vec![1_u8; (ballast as usize) << 20];
        #[cfg(unix)]
        each(trial, LARGE_FORK, workers / LARGE, workers::fork)?;
        each(trial, LARGE_EXEC, workers / LARGE, exec)?;
        hint::black_box(ballast);

        #[cfg(target_os = "linux")]
        for (variant, workers) in
            [(TASK, tasks), (THREAD, workers), (FORK, workers), (EXEC, workers)]
        {
            let mut command = Command::new(&this);
            let output = command.env(ROLE, format!("{variant} {workers}")).output()?;
            let bytes = String::from_utf8_lossy(&output.stdout).trim().parse();
            trial.record(
                MEMORY,
                variant,
                bytes.with_context(|| format!("cannot weigh a {variant}"))?,
            );
        }
        Ok(())
    })?;
    run.bars(WALL);

    for (claim, over, under, bound) in [
        (&TASK_THREAD, (WALL, THREAD), (WALL, TASK), Bound::AtLeast(5.0)),
        (&THREAD_FORK, (WALL, FORK), (WALL, THREAD), Bound::AtLeast(1.5)),
        (&FORK_EXEC, (WALL, EXEC), (WALL, FORK), Bound::AtLeast(1.5)),
        (&FORK_GROWS, (WALL, LARGE_FORK), (WALL, FORK), Bound::AtLeast(4.0)),
        (&EXEC_STAYS, (WALL, LARGE_EXEC), (WALL, EXEC), Bound::AtMost(2.0)),
        (&LIGHTER, (MEMORY, THREAD), (MEMORY, TASK), Bound::AtLeast(5.0)),
    ] {
        match [over, under].iter().find(|(quantity, kind)| run.samples(*quantity, kind).is_empty())
        {
            Some((quantity, _)) if *quantity == MEMORY => {
                run.untestable(claim, "this system has no /proc to weigh workers by")
            }
            Some(_) => run.untestable(claim, "this system has no fork"),
            None => run.robust(claim, &run.ratios(over, under), bound),
        }
    }
    let figures = [TASK, THREAD, FORK, EXEC].map(|variant| match run.samples(MEMORY, variant) {
        samples if samples.is_empty() => "unknown".to_owned(),
        samples => Unit::Bytes.format(median(&samples)),
    });
    run.observed(&FIGURES, figures.join(", "));
    Ok(())
}

/// Makes `workers` of a kind, one after another.
fn each(
    trial: &mut Trial,
    variant: &'static str,
    workers: u64,
    mut start_and_join: impl FnMut() -> io::Result<()>,
) -> anyhow::Result<()> {
    let (result, spent) = trial.time(variant, || (0..workers).try_for_each(|_| start_and_join()));
    result.with_context(|| format!("cannot make `{variant}`"))?;
    trial.record(WALL, variant, spent.wall / workers as f64);
    Ok(())
}

/// What a process does that this program started: it waits, or it weighs workers.
fn play(role: &str) -> anyhow::Result<()> {
    #[cfg(target_os = "linux")]
    match role.split_once(' ').unwrap_or((role, "")) {
        (memory::WAIT, _) => memory::wait()?,
        (kind, workers) => {
            let workers = workers.parse()?;
            let bytes = match kind {
                TASK => memory::tasks(workers),
                THREAD => memory::threads(workers),
                FORK => memory::forks(workers),
                _ => memory::execs(workers),
            };
            // Unlike `println!`, no panic if nobody is there to read it any more.
            writeln!(io::stdout(), "{}", bytes?)?;
        }
    }
    Ok(())
}
