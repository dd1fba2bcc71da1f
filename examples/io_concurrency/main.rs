//! One client, many slow answers: which way is best?
//!
//! ```text
//! cargo run --example io_concurrency
//! cargo run --example io_concurrency -- --latency 50 --pool 100
//! ```
//!
//! Pages are fetched from a server that takes its time, a few or many at once,
//! by threads or by tasks. Look at the times of those that have as many
//! requests under way at once, then at what each of them costs. Client and
//! server are processes of their own. Chapter: `book/turns/io_concurrency.md`.

mod client;
mod figures;
mod server;

use std::env;
use std::process::ExitCode;

use figures::{ACROSS, SWEPT, SWEPT_CPU, SWEPT_MEMORY, WALL, fetch};
use server::Server;
use taking_turns::loopback::PAGE_BYTES;
use taking_turns::quantity::Unit;
use taking_turns::report::Scale::Logarithmic;
use taking_turns::statistics::median;
use taking_turns::{Bound, Claim, Experiment, Parameter, Run, sources};

const LATENCY: Parameter =
    Parameter::count("latency", 20, (10, 1_000), "Time before the server answers")
        .unit("ms")
        .quick(10);
const POOL: Parameter =
    Parameter::count("pool", 20, (1, 1_000), "Requests that a pool has under way at once");
const MOST: Parameter =
    Parameter::count("most", 1_000, (100, 2_000), "Requests, at the right end of the chart")
        .quick(100);

const ONE: &str = "one by one";
const POOL_OF_THREADS: &str = "pool of threads";
const POOL_OF_TASKS: &str = "pool of tasks";
const THREAD_EACH: &str = "thread each";
const TASK_EACH: &str = "task each";
const UREQ_EACH: &str = "thread each, ureq";

/// Set for a process that is to be a client or the server.
const ROLE: &str = "IO_CONCURRENCY_ROLE";

/// Of the table and of the claims.
const REQUESTS: u64 = 100;

const READ: Claim = Claim::exact("all-read", "Every page is read to its last byte.");
const THREADS: Claim = Claim::robust(
    "threads",
    "A hundred requests, a thread each: at least ten times as fast as one by one.",
);
const TASKS: Claim = Claim::robust(
    "tasks",
    "A hundred requests, a task each: at least ten times as fast as one by one.",
);
const EQUAL: Claim = Claim::robust(
    "equal-pools",
    "With equally many under way, threads and tasks take the same time, within a half.",
);
const UNEQUAL: Claim = Claim::robust(
    "unequal-pools",
    "All hundred at once take at most 0.7 of the time that a pool of twenty does.",
);
const COST: Claim = Claim::observed("cost", "CPU time and memory of the most, all at once.");

const EXPERIMENT: Experiment = Experiment {
    name: "io_concurrency",
    question: "One client, many slow answers: which way is best?",
    chapter: "turns/io_concurrency",
    parameters: &[&LATENCY, &POOL, &MOST],
    variants: &[ONE, POOL_OF_THREADS, POOL_OF_TASKS, THREAD_EACH, TASK_EACH, UREQ_EACH],
    claims: &[&READ, &THREADS, &TASKS, &EQUAL, &UNEQUAL, &COST],
    trials: 2,
    quick_trials: 2,
    warm_up: false,
    sources: sources![
        "main.rs",
        "client.rs",
        "figures.rs",
        "in_tasks.rs",
        "in_threads.rs",
        "lib.rs",
        "server.rs"
    ],
    twin: Some(include_str!("twin.py")),
};

fn main() -> ExitCode {
    let Ok(role) = env::var(ROLE) else { return EXPERIMENT.main(run) };
    let played = match role.strip_prefix("serve ") {
        Some(latency) => server::serve(latency.parse().unwrap_or(0)),
        None => client::play(&role),
    };
    played.map_or_else(
        |error| {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        },
        |()| ExitCode::SUCCESS,
    )
}

fn run(run: &mut Run) -> anyhow::Result<()> {
    let (latency, pool, most) = (run.count(&LATENCY), run.count(&POOL), run.count(&MOST));
    let mut faults = 0;
    let mut fetched = 0;
    run.trials(|trial| {
        // One for each trial, at whose end its processor time is known to be ours.
        let server = Server::start(latency)?;
        for requests in points(most) {
            for variant in EXPERIMENT.variants {
                // One by one it would take far too long, and a pool rather long.
                if requests <= REQUESTS || !variant.contains("pool") && *variant != ONE {
                    let bytes = fetch(trial, variant, requests, pool, &server)?;
                    faults += u64::from(bytes != (requests * PAGE_BYTES as u64) as f64);
                    fetched += requests;
                }
            }
        }
        Ok(())
    })?;
    for quantity in [SWEPT, SWEPT_CPU, SWEPT_MEMORY] {
        run.lines(quantity, ACROSS, (Logarithmic, Logarithmic));
    }

    let pages = Unit::Count.format(fetched as f64);
    run.exact(&READ, faults == 0, format!("{pages} pages, {faults} clients got less or more"));
    let wall = |run: &Run, over, under| run.ratios((WALL, over), (WALL, under));
    let threads = wall(run, ONE, THREAD_EACH);
    run.robust(&THREADS, &threads, Bound::AtLeast(10.0));
    let tasks = wall(run, ONE, TASK_EACH);
    run.robust(&TASKS, &tasks, Bound::AtLeast(10.0));
    let equal = wall(run, POOL_OF_THREADS, POOL_OF_TASKS);
    run.robust(&EQUAL, &equal, Bound::Within(0.667, 1.5));
    if pool <= 20 {
        let unequal = wall(run, TASK_EACH, POOL_OF_TASKS);
        run.robust(&UNEQUAL, &unequal, Bound::AtMost(0.7));
    } else {
        run.untestable(&UNEQUAL, "it is about a pool of twenty or fewer");
    }
    let costs = [THREAD_EACH, UREQ_EACH, TASK_EACH].map(|variant| {
        let at = |quantity| run.samples_at(quantity, variant, most as f64);
        let [cpu, memory] = [at(SWEPT_CPU), at(SWEPT_MEMORY)];
        match memory.is_empty() || cpu.is_empty() {
            true => "untold here".to_owned(),
            false => format!(
                "{}, {} {variant}",
                Unit::Seconds.format(median(&cpu)),
                Unit::Bytes.format(median(&memory)),
            ),
        }
    });
    run.observed(
        &COST,
        format!("{} requests: {}", Unit::Count.format(most as f64), costs.join("; ")),
    );
    Ok(())
}

/// 1, 10, 100 and the most.
fn points(most: u64) -> Vec<u64> {
    let mut points = vec![1, 10, REQUESTS, most];
    points.dedup();
    points
}
