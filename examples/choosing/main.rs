//! So which one do I use?
//!
//! ```text
//! cargo run --example choosing
//! cargo run --example choosing -- --most 1000 --pool 64
//! ```
//!
//! Look at the three maps: who is fastest depends on what the jobs do, and then
//! on how many there are.
//! Chapter: `book/production/choosing.md`.

use std::process::ExitCode;
use std::thread;
use std::time::Duration;

use choosing::{Job, Processes, one_by_one, pool, rayon, tasks, tasks_and_pool, threads, worker};
use taking_turns::quantity::Unit;
use taking_turns::report::Measurement;
use taking_turns::{Bound, Claim, Experiment, Parameter, Quantity, Run, sources};

const MOST: Parameter = Parameter::count(
    "most",
    100,
    (20, 10_000),
    "Jobs in the largest size; the others are 1 and a tenth",
)
.quick(40);
const WAIT: Parameter =
    Parameter::count("wait", 3_000, (1_000, 1_000_000), "What a waiting job waits").unit("µs");
const STEPS: Parameter =
    Parameter::count("steps", 300_000, (1_000, 1_000_000_000), "What a computing job computes");
const POOL_SIZE: Parameter =
    Parameter::count("pool", 16, (1, 1_000), "Threads in the pool that takes jobs as it is free");

const ONE_BY_ONE: &str = "one by one";
const THREADS: &str = "threads";
const POOL: &str = "pool";
const PROCESSES: &str = "processes";
const RAYON: &str = "rayon";
const TASKS: &str = "tasks";
const BOTH: &str = "tasks + rayon";
const WAYS: [&str; 7] = [ONE_BY_ONE, THREADS, POOL, PROCESSES, RAYON, TASKS, BOTH];

const COMPUTING: Quantity = Quantity::seconds("computing");
const WAITING: Quantity = Quantity::seconds("waiting");
const MIXED: Quantity = Quantity::seconds("mixed");
const JOBS: Quantity = Quantity::count("jobs");

const SAME: Claim = Claim::exact("same-answers", "Every way gives the same answers.");
const CORES_COMPUTE: Claim = Claim::robust(
    "cores-compute",
    "Of many computing jobs, rayon does at least 1.5 times as many in the same time as one by one.",
);
const TASKS_WAIT: Claim = Claim::robust(
    "tasks-wait",
    "Of many waiting jobs, tasks do at least 10 times as many in the same time as one by one.",
);
const CORES_DO_NOT_WAIT: Claim = Claim::robust(
    "cores-do-not-wait",
    "Waiting jobs gain no more from rayon than it has threads, with 15 % to spare.",
);
const BOTH_MIX: Claim = Claim::robust(
    "both-mix",
    "Of many mixed jobs, tasks with rayon do at least 5 times as many as one by one.",
);
const WINNERS: Claim = Claim::observed("winners", "Fastest for the most jobs, or as fast.");

const EXPERIMENT: Experiment = Experiment {
    name: "choosing",
    question: "So which one do I use?",
    chapter: "production/choosing",
    parameters: &[&MOST, &WAIT, &STEPS, &POOL_SIZE],
    variants: &WAYS,
    claims: &[&SAME, &CORES_COMPUTE, &TASKS_WAIT, &CORES_DO_NOT_WAIT, &BOTH_MIX, &WINNERS],
    trials: 5,
    quick_trials: 3,
    // Every pool has started, and done some work, before the first trial.
    warm_up: false,
    sources: sources!["main.rs", "ways.rs"],
    twin: Some(include_str!("twin.py")),
};

fn main() -> ExitCode {
    match worker() {
        Some(Ok(())) => ExitCode::SUCCESS,
        // Whoever reads its answers sees that there is none.
        Some(Err(_)) => ExitCode::FAILURE,
        None => EXPERIMENT.main(run),
    }
}

fn run(run: &mut Run) -> anyhow::Result<()> {
    let wait = Duration::from_micros(run.count(&WAIT));
    let steps = run.count(&STEPS);
    let most = run.count(&MOST);
    let workers = run.count(&POOL_SIZE);
    let sizes = [1, most / 10, most];
    let kinds = [
        (COMPUTING, Job { wait: Duration::ZERO, steps }),
        (WAITING, Job { wait, steps: 0 }),
        (MIXED, Job { wait, steps }),
    ];
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let mut processes = Processes::start(cores)?;

    let mut ask = |way, jobs, job| {
        Ok::<_, anyhow::Error>(match way {
            ONE_BY_ONE => one_by_one(jobs, job),
            THREADS => threads(jobs, job),
            POOL => pool(jobs, job, workers),
            PROCESSES => processes.run(jobs, job)?,
            RAYON => rayon(jobs, job),
            TASKS => tasks(jobs, job),
            _ => tasks_and_pool(jobs, job),
        })
    };
    for way in WAYS {
        ask(way, sizes[1], kinds[2].1)?;
    }
    let (mut answers, mut same) = (0, 0);
    run.trials(|trial| {
        for (kind, job) in kinds {
            for jobs in sizes {
                let mut expected = None;
                for way in WAYS {
                    let (answer, spent) = trial.time(way, || ask(way, jobs, job));
                    let answer = answer?;
                    answers += 1;
                    same += usize::from(*expected.get_or_insert(answer) == answer);
                    trial.record_at(kind, way, jobs as f64, spent.wall);
                }
            }
        }
        Ok(())
    })?;
    for (kind, _) in kinds {
        run.map(kind, JOBS);
    }

    run.exact(&SAME, same == answers, format!("{same} of {answers}"));
    let at = most as f64;
    let gains = |kind, way| run.ratios_at((kind, ONE_BY_ONE, at), (kind, way, at));
    let [computing, waiting, at_cores, mixed] =
        [(COMPUTING, RAYON), (WAITING, TASKS), (WAITING, RAYON), (MIXED, BOTH)]
            .map(|(kind, way)| gains(kind, way));
    if cores > 1 {
        run.robust(&CORES_COMPUTE, &computing, Bound::AtLeast(1.5));
    } else {
        run.untestable(&CORES_COMPUTE, "this program may use one core alone");
    }
    run.robust(&TASKS_WAIT, &waiting, Bound::AtLeast(10.0));
    run.robust(&CORES_DO_NOT_WAIT, &at_cores, Bound::AtMost(1.15 * cores as f64));
    run.robust(&BOTH_MIX, &mixed, Bound::AtLeast(5.0));
    let winners = kinds.map(|(kind, _)| format!("{}: {}", kind.name, fastest(run, kind, at)));
    run.observed(&WINNERS, winners.join("; "));
    Ok(())
}

/// Those of which the range overlaps with that of the smallest median.
fn fastest(run: &Run, kind: Quantity, at: f64) -> String {
    let measured = WAYS
        .map(|way| Measurement::new(kind.name, way, Unit::Seconds, run.samples_at(kind, way, at)));
    let first = measured.iter().min_by(|one, other| one.median.total_cmp(&other.median));
    let near = |m: &&Measurement| first.is_none_or(|first| m.behind(first).is_none());
    measured.iter().filter(near).map(|m| m.variant.as_str()).collect::<Vec<_>>().join(", ")
}
