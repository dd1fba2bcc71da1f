//! Is doing many things at once the same as doing them at the same time?
//!
//! ```text
//! cargo run --example concurrency_vs_parallelism
//! cargo run --example concurrency_vs_parallelism -- --limit 1000000 --twin
//! ```
//!
//! Look at the two counts, of jobs under way and of cores in use, and at the
//! timeline: on one core the jobs that compute take turns, on all cores they
//! run side by side. Chapter: `book/one_thing/concurrency_vs_parallelism.md`.

mod jobs;

use std::process::ExitCode;
use std::thread;
use std::time::{Duration, Instant};

use jobs::{Job, at_once, compute, one_by_one, wait};
use taking_turns::quantity::Unit;
use taking_turns::{Bound, Claim, Experiment, Lane, Parameter, Quantity, Run, State, sources};

/// Long enough that the moments in which the scheduler still spreads threads
/// over the cores are a small part of it.
const LIMIT: Parameter = Parameter::count(
    "limit",
    2_000_000,
    (500_000, 10_000_000),
    "A CPU job counts primes up to this",
);
const WAIT: Parameter =
    Parameter::count("wait", 20, (5, 10_000), "How long a waiting job waits").unit("ms");

/// More than most small machines have cores, few enough to be drawn.
const JOBS: u64 = 4;

const CPU_ROW: &str = "CPU, one by one";
const CPU_ONE: &str = "CPU, one core";
const CPU_ALL: &str = "CPU, all cores";
const WAIT_ROW: &str = "wait, one by one";
const WAIT_ONE: &str = "wait, one core";
const WAIT_ALL: &str = "wait, all cores";

const WALL: Quantity = Quantity::seconds("wall time");
const UNDER_WAY: Quantity = Quantity::count("jobs under way");
const CORES: Quantity = Quantity::count("cores in use");

const SAME: Claim =
    Claim::exact("same-answers", "Every CPU job counts as many primes, wherever it runs.");
const CPU_TAKES_TURNS: Claim = Claim::robust(
    "one-core-computing",
    "On one core, four CPU jobs at once gain nothing: 0.8 to 1.25 times the speed of one by one.",
);
const WAITS_OVERLAP: Claim = Claim::robust(
    "one-core-waiting",
    "On that one core, four waiting jobs at once are at least 3 times as fast as one by one.",
);
const CPU_IN_PARALLEL: Claim = Claim::robust(
    "all-cores-computing",
    "On two cores or more, four CPU jobs at once are at least 1.6 times as fast as one by one.",
);
const CONCURRENT: Claim =
    Claim::observed("under-way", "On threads all four jobs are under way at once, on any cores.");

const EXPERIMENT: Experiment = Experiment {
    name: "concurrency_vs_parallelism",
    question: "Is doing many things at once the same as doing them at the same time?",
    chapter: "one_thing/concurrency_vs_parallelism",
    parameters: &[&LIMIT, &WAIT],
    variants: &[CPU_ROW, CPU_ONE, CPU_ALL, WAIT_ROW, WAIT_ONE, WAIT_ALL],
    claims: &[&SAME, &CPU_TAKES_TURNS, &WAITS_OVERLAP, &CPU_IN_PARALLEL, &CONCURRENT],
    trials: 3,
    quick_trials: 3,
    warm_up: true,
    sources: sources!["main.rs", "jobs.rs"],
    twin: Some(include_str!("twin.py")),
};

fn main() -> ExitCode {
    EXPERIMENT.main(run)
}

fn run(run: &mut Run) -> anyhow::Result<()> {
    let limit = run.count(&LIMIT);
    let time = Duration::from_millis(run.count(&WAIT));
    let count = |clock| move || compute(limit, clock);
    let sleep = |clock| move || wait(time, clock);

    type Work<'a> = &'a dyn Fn(Instant) -> anyhow::Result<Vec<Job>>;
    let variants: &[(&'static str, Work)] = &[
        (CPU_ROW, &|clock| Ok(one_by_one(JOBS, count(clock)))),
        #[cfg(target_os = "linux")]
        (CPU_ONE, &|clock| Ok(jobs::on_one_core(|| at_once(JOBS, count(clock)))?)),
        (CPU_ALL, &|clock| Ok(at_once(JOBS, count(clock)))),
        (WAIT_ROW, &|clock| Ok(one_by_one(JOBS, sleep(clock)))),
        #[cfg(target_os = "linux")]
        (WAIT_ONE, &|clock| Ok(jobs::on_one_core(|| at_once(JOBS, sleep(clock)))?)),
        (WAIT_ALL, &|clock| Ok(at_once(JOBS, sleep(clock)))),
    ];

    let mut answers = Vec::new();
    let mut timelines = Vec::new();
    run.trials(|trial| {
        if trial.index == 0 {
            answers.clear();
            timelines.clear();
        }
        let (mut side_by_side, mut lanes) = (0.0, Vec::new());
        for &(variant, work) in variants {
            let clock = Instant::now();
            let (jobs, spent) = trial.time(variant, || work(clock));
            let jobs = jobs?;
            let computes = [CPU_ROW, CPU_ONE, CPU_ALL].contains(&variant);
            if computes {
                answers.extend(jobs.iter().map(|job| job.answer));
            }
            trial.record(WALL, variant, spent.wall);
            trial.record(UNDER_WAY, variant, most_under_way(&jobs));
            if let Some(usage) = spent.usage {
                trial.record(CORES, variant, usage.cpu / spent.wall);
            }
            if variant == CPU_ALL {
                side_by_side = spent.wall;
            }
            let state = if computes { State::Running } else { State::Waiting };
            lanes.extend(jobs.iter().zip(1..).map(|(job, n)| lane(variant, n, job, state)));
        }
        timelines.push((side_by_side, lanes));
        Ok(())
    })?;
    // The trial that is drawn is the median one of those on all cores.
    timelines.sort_by(|(one, _), (other, _)| one.total_cmp(other));
    run.lanes(timelines.swap_remove(timelines.len() / 2).1);

    let found = Unit::Count.format(answers[0] as f64);
    let same = answers.iter().all(|&answer| answer == answers[0]);
    run.exact(&SAME, same, format!("{found} primes by each of {} jobs", answers.len()));

    for (claim, row, one, bound) in [
        (&CPU_TAKES_TURNS, CPU_ROW, CPU_ONE, Bound::Within(0.8, 1.25)),
        (&WAITS_OVERLAP, WAIT_ROW, WAIT_ONE, Bound::AtLeast(3.0)),
    ] {
        if cfg!(target_os = "linux") {
            let gains = run.ratios((WALL, row), (WALL, one));
            run.robust(claim, &gains, bound);
        } else {
            run.untestable(claim, "this system does not keep a program on one core");
        }
    }
    if thread::available_parallelism().is_ok_and(|cores| cores.get() > 1) {
        let gains = run.ratios((WALL, CPU_ROW), (WALL, CPU_ALL));
        run.robust(&CPU_IN_PARALLEL, &gains, Bound::AtLeast(1.6));
    } else {
        run.untestable(&CPU_IN_PARALLEL, "this program may use one core alone");
    }

    let threaded = [CPU_ONE, CPU_ALL, WAIT_ONE, WAIT_ALL];
    let most: Vec<f64> = threaded.iter().flat_map(|v| run.samples(UNDER_WAY, v)).collect();
    let all = most.iter().filter(|&&most| most == JOBS as f64).count();
    run.observed(&CONCURRENT, format!("{all} of {} times", most.len()));
    Ok(())
}

/// The most jobs that had begun and not yet ended, at any moment.
fn most_under_way(jobs: &[Job]) -> f64 {
    let lives = || jobs.iter().map(|job| (job.turns[0].0, job.turns[job.turns.len() - 1].1));
    let under_way = |at| lives().filter(|&(began, ended)| began <= at && at < ended).count();
    lives().map(|(began, _)| under_way(began)).max().unwrap_or(0) as f64
}

fn lane(variant: &str, number: u64, job: &Job, state: State) -> Lane {
    let turns = job.turns.iter();
    Lane {
        variant: variant.to_owned(),
        name: format!("job {number}"),
        spans: turns.map(|(from, to)| (from.as_secs_f64(), to.as_secs_f64(), state)).collect(),
    }
}
