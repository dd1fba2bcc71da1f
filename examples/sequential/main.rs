//! Why do three one-second jobs take three seconds?
//!
//! ```text
//! cargo run --example sequential
//! cargo run --example sequential -- --wait 200 --trials 5 --twin
//! ```
//!
//! Look at the wall times, and at who did the work: the number of processes
//! (PIDs) and of threads (TIDs). Chapter: `book/one_thing/sequential.md`.

mod workers;

use std::collections::BTreeSet;
use std::io;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use taking_turns::quantity::Unit;
use taking_turns::statistics::range;
use taking_turns::{Bound, Claim, Experiment, Lane, Parameter, Quantity, Run, State, sources};
use workers::Shift;

const WAIT: Parameter = Parameter::count("wait", 1_000, (50, 10_000), "How long each worker waits")
    .unit("ms")
    .quick(100);

/// Enough to see a row and a stack; the claims are about three.
const WORKERS: u64 = 3;

const ONE: &str = "one worker";
const SEQUENTIAL: &str = "one by one";
const THREADS: &str = "threads";
const PROCESSES: &str = "processes";
const TASKS: &str = "tasks";

const WALL: Quantity = Quantity::seconds("wall time");
const PIDS: Quantity = Quantity::count("PIDs");
const TIDS: Quantity = Quantity::count("TIDs");

const ONE_THREAD: Claim =
    Claim::exact("one-thread", "One by one and as tasks, one thread of one process does it all.");
const THREE_THREADS: Claim =
    Claim::exact("three-threads", "Threads: one process, and a thread for each worker.");
const THREE_PROCESSES: Claim =
    Claim::exact("three-processes", "Processes: each worker has its own PID and its own TID.");
const ADDS_UP: Claim = Claim::robust(
    "waits-add-up",
    "One by one, three workers take at least 2.9 times as long as one.",
);
const THREADS_OVERLAP: Claim =
    Claim::robust("threads-overlap", "On threads they take at most 1.5 times as long as one.");
const PROCESSES_OVERLAP: Claim =
    Claim::robust("processes-overlap", "In processes they take at most 1.5 times as long as one.");
const TASKS_OVERLAP: Claim =
    Claim::robust("tasks-overlap", "As tasks they take at most 1.5 times as long as one.");

const EXPERIMENT: Experiment = Experiment {
    name: "sequential",
    question: "Why do three one-second jobs take three seconds?",
    chapter: "one_thing/sequential",
    parameters: &[&WAIT],
    variants: &[ONE, SEQUENTIAL, THREADS, PROCESSES, TASKS],
    claims: &[
        &ONE_THREAD,
        &THREE_THREADS,
        &THREE_PROCESSES,
        &ADDS_UP,
        &THREADS_OVERLAP,
        &PROCESSES_OVERLAP,
        &TASKS_OVERLAP,
    ],
    trials: 1,
    quick_trials: 3,
    warm_up: false,
    sources: sources!["main.rs", "workers.rs"],
    twin: Some(include_str!("twin.py")),
};

fn main() -> ExitCode {
    EXPERIMENT.main(run)
}

fn run(run: &mut Run) -> anyhow::Result<()> {
    let wait = Duration::from_millis(run.count(&WAIT));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
    let one = |clock| Ok(vec![workers::worker(wait, clock)]);
    let sequential = |clock| Ok(workers::one_by_one(WORKERS, wait, clock));
    let threads = |clock| Ok(workers::on_threads(WORKERS, wait, clock));
    let tasks = |clock| Ok(runtime.block_on(workers::as_tasks(WORKERS, wait, clock)));
    #[cfg(unix)]
    let processes = |clock| workers::in_processes(WORKERS, wait, clock);

    type Work<'a> = &'a dyn Fn(Instant) -> io::Result<Vec<Shift>>;
    let variants: &[(&'static str, Work)] = &[
        (ONE, &one),
        (SEQUENTIAL, &sequential),
        (THREADS, &threads),
        #[cfg(unix)]
        (PROCESSES, &processes),
        (TASKS, &tasks),
    ];

    let mut lanes = Vec::new();
    run.trials(|trial| {
        lanes.clear();
        for &(variant, work) in variants {
            let clock = Instant::now();
            let (shifts, spent) = trial.time(variant, || work(clock));
            let shifts = shifts?;
            if trial.index == 0 {
                trial.say(&names(variant, &shifts))?;
            }
            trial.record(WALL, variant, spent.wall);
            trial.record(PIDS, variant, distinct(&shifts, |shift| shift.pid));
            trial.record(TIDS, variant, distinct(&shifts, |shift| shift.tid));
            lanes.extend(shifts.iter().zip(1..).map(|(shift, n)| lane(variant, n, shift)));
        }
        Ok(())
    })?;
    run.say("")?;
    run.lanes(lanes);

    let kinds = |run: &Run, variant| (run.samples(PIDS, variant), run.samples(TIDS, variant));
    let all = |samples: &[f64], count: u64| samples.iter().all(|&sample| sample == count as f64);
    let (pids, tids) = kinds(run, SEQUENTIAL);
    let (task_pids, task_tids) = kinds(run, TASKS);
    let holds = [&pids, &tids, &task_pids, &task_tids].iter().all(|samples| all(samples, 1));
    let (row, tasks) = (counted(&pids, &tids), counted(&task_pids, &task_tids));
    run.exact(&ONE_THREAD, holds, format!("one by one {row}; tasks {tasks}"));
    let (pids, tids) = kinds(run, THREADS);
    run.exact(&THREE_THREADS, all(&pids, 1) && all(&tids, WORKERS), counted(&pids, &tids));
    let (pids, tids) = kinds(run, PROCESSES);
    if pids.is_empty() {
        run.untestable(&THREE_PROCESSES, "this system has no fork");
        run.untestable(&PROCESSES_OVERLAP, "this system has no fork");
    } else {
        let holds = all(&pids, WORKERS) && all(&tids, WORKERS);
        run.exact(&THREE_PROCESSES, holds, counted(&pids, &tids));
        let ratios = run.ratios((WALL, PROCESSES), (WALL, ONE));
        run.robust(&PROCESSES_OVERLAP, &ratios, Bound::AtMost(1.5));
    }
    for (claim, variant, bound) in [
        (&ADDS_UP, SEQUENTIAL, Bound::AtLeast(2.9)),
        (&THREADS_OVERLAP, THREADS, Bound::AtMost(1.5)),
        (&TASKS_OVERLAP, TASKS, Bound::AtMost(1.5)),
    ] {
        let ratios = run.ratios((WALL, variant), (WALL, ONE));
        run.robust(claim, &ratios, bound);
    }
    Ok(())
}

/// The most PIDs and TIDs that a trial had.
fn counted(pids: &[f64], tids: &[f64]) -> String {
    let most = |samples: &[f64]| range(samples).1;
    format!("PIDs {}, TIDs {}, in {}", most(pids), most(tids), Unit::trials(pids.len()))
}

/// Who did the work of a variant.
fn names(variant: &str, shifts: &[Shift]) -> String {
    let workers = shifts.iter().map(|shift| format!("PID {} TID {}", shift.pid, shift.tid));
    format!("{variant:<11} {}", workers.collect::<Vec<_>>().join(", "))
}

fn distinct(shifts: &[Shift], id: impl Fn(&Shift) -> u64) -> f64 {
    shifts.iter().map(id).collect::<BTreeSet<_>>().len() as f64
}

fn lane(variant: &str, number: u64, shift: &Shift) -> Lane {
    let [began, ended] = [shift.began, shift.ended].map(|micros| micros as f64 / 1e6);
    Lane {
        variant: variant.to_owned(),
        name: format!("worker {number}"),
        spans: vec![(began, ended, State::Waiting)],
    }
}
