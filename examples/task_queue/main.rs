//! Who does the work that must survive the program?
//!
//! ```text
//! cargo run --example task_queue
//! cargo run --example task_queue -- --broker redis://127.0.0.1:6379
//! cargo run --example task_queue -- --trials 20 --monitor 127.0.0.1:8080
//! ```
//!
//! Jobs are ordered, the broker is closed, and other connections carry them
//! out. Look at the tries of the jobs that fail. Chapter:
//! `book/production/task_queue.md`.

mod attend;
mod kinds;
mod verdicts;

use std::process::ExitCode;

use anyhow::{Context, bail};
use attend::{attend, listen};
use kinds::{
    ALL, CLOSED, DELAYED, ENDLESS, LETTER, PERIODIC, REPORT, THUMBNAIL, TWICE, UNREADABLE,
};
use queue::monitor::{self, Board};
use queue::on_redis::Redis;
use queue::on_sqlite::Sqlite;
use taking_turns::{Claim, Experiment, Misuse, Parameter, Quantity, Run, sources};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use ulid::Ulid;

const JOBS: Parameter =
    Parameter::count("jobs", 30, (1, 10_000), "Jobs that nothing befalls, in each of three queues")
        .quick(10);
const BROKER: Parameter =
    Parameter::text("broker", "redis://HOST:PORT", "A Redis server that keeps the jobs");
const DATABASE: Parameter =
    Parameter::file("database", "A file that keeps the jobs, in place of a temporary one");
const MONITOR: Parameter =
    Parameter::text("monitor", "HOST:PORT", "Where to serve a page that shows the queues");

const ORDERED: Quantity = Quantity::count("ordered");
const DONE: Quantity = Quantity::count("done");
const TRIED: Quantity = Quantity::count("tries");
const FIRST: Quantity = Quantity::seconds("first try");
const LAST: Quantity = Quantity::seconds("last try");

const NONE_LOST: Claim = Claim::exact(
    "none-lost",
    "Every job that was accepted before the broker was closed is done, or listed as failed.",
);
const READ_BACK: Claim =
    Claim::exact("read-back", "Over a third connection each result is read by its job's ID.");
const THIRD_TRY: Claim =
    Claim::exact("third-try", "A job that fails twice is done on its third try.");
const OWN_QUEUE: Claim =
    Claim::exact("own-queue", "The worker of each queue sees that queue's jobs alone.");
const NOT_BEFORE: Claim =
    Claim::exact("not-before", "A delayed job is not started before its time.");
const ONE_OF_TWO: Claim =
    Claim::exact("one-of-two", "Two schedulers that order the same report get it once.");
const PUT_BACK: Claim = Claim::exact(
    "put-back",
    "A job that failed at every try is listed with its cause, and done when it is put back.",
);
const GIVEN_UP: Claim = Claim::exact(
    "given-up",
    "What never ends, and what cannot be read, is listed as failed. Its queue goes on.",
);
const SPACED: Claim = Claim::observed("spaced", "A job that failed was not tried again at once.");

const EXPERIMENT: Experiment = Experiment {
    name: "task_queue",
    question: "Who does the work that must survive the program?",
    chapter: "production/task_queue",
    parameters: &[&JOBS, &BROKER, &DATABASE, &MONITOR],
    variants: ALL,
    claims: &[
        &NONE_LOST,
        &READ_BACK,
        &THIRD_TRY,
        &OWN_QUEUE,
        &NOT_BEFORE,
        &ONE_OF_TWO,
        &PUT_BACK,
        &GIVEN_UP,
        &SPACED,
    ],
    trials: 2,
    quick_trials: 1,
    warm_up: false,
    sources: sources![
        "main.rs",
        "attend.rs",
        "broker.rs",
        "day.rs",
        "jobs.rs",
        "kinds.rs",
        "lib.rs",
        "monitor.rs",
        "on_redis.rs",
        "on_sqlite.rs",
        "verdicts.rs"
    ],
    twin: Some(include_str!("twin.py")),
};

fn main() -> ExitCode {
    EXPERIMENT.main(run)
}

fn run(run: &mut Run) -> anyhow::Result<()> {
    let (plain, runtime, board) = (run.count(&JOBS), Runtime::new()?, Board::default());
    let text = |parameter| run.text(parameter).map(str::to_owned);
    let [url, file, page] = [&BROKER, &DATABASE, &MONITOR].map(text);
    if url.is_some() && file.is_some() {
        bail!(Misuse("`--broker` and `--database` name two places for the jobs; give one".into()));
    }
    if let Some(Err(error)) = url.as_ref().map(|url| redis::Client::open(url.as_str())) {
        bail!(Misuse(format!("`--broker` takes redis://HOST:PORT: {error}")));
    }
    if let Some(page) = page {
        let told = || format!("cannot serve the monitor on `{page}`");
        let listener = runtime.block_on(TcpListener::bind(&page)).with_context(told)?;
        run.say(&format!("the monitor is at http://{}/\n", listener.local_addr()?))?;
        runtime.spawn(monitor::serve(listener, board.clone()));
    }
    let interrupted = listen(&runtime)?;
    let folder = tempfile::tempdir()?;
    let file = file.map_or_else(|| folder.path().join("jobs.db"), Into::into);

    let mut days = Vec::new();
    run.trials(|trial| {
        // Many runs may use one server or file, each its own queues.
        let ours = format!("taking-turns:{}:", Ulid::generate());
        let (ended, _) = trial.time(LETTER, || match &url {
            Some(url) => {
                attend(&runtime, interrupted.clone(), || Redis::open(url, &ours), plain, &board)
            }
            None => {
                attend(&runtime, interrupted.clone(), || Sqlite::open(&file, &ours), plain, &board)
            }
        });
        let day = ended?;
        for &kind in ALL {
            let tries = kinds::tries(&day, kind);
            let (mut ordered, mut done) = (0, 0);
            for job in kinds::of(&day, &[kind]) {
                ordered += 1;
                done += u64::from(matches!(day.results[&job.id], Some(Ok(_))));
            }
            trial.record(ORDERED, kind, ordered as f64);
            trial.record(DONE, kind, done as f64);
            trial.record(TRIED, kind, tries.len() as f64);
            let times = || tries.iter().map(|a_try| kinds::since(day.began, a_try.began));
            trial.record(FIRST, kind, times().fold(f64::INFINITY, f64::min));
            trial.record(LAST, kind, times().fold(0.0, f64::max));
        }
        days.push(day);
        Ok(())
    })?;

    let last = days.last().context("no day was tried")?;
    run.say(&format!("before the failed letter is put back:\n{}\n", monitor::table(&last.board)))?;
    run.lanes(kinds::lanes(last));

    let plain = &[LETTER, THUMBNAIL, REPORT][..];
    for (claim, kinds, holds) in [
        (&NONE_LOST, &ALL[..ALL.len() - 1], verdicts::accounted_for as verdicts::Holds),
        (&READ_BACK, plain, verdicts::read_back),
        (&THIRD_TRY, &[TWICE], verdicts::done_on_the_third),
        (&OWN_QUEUE, ALL, verdicts::in_its_own_queue),
        (&NOT_BEFORE, &[DELAYED], verdicts::not_before_its_time),
        (&ONE_OF_TWO, &[PERIODIC], verdicts::done_once),
        (&PUT_BACK, &[CLOSED], verdicts::listed_and_put_back),
        (&GIVEN_UP, &[ENDLESS, UNREADABLE], verdicts::given_up),
    ] {
        let (mut all, mut held) = (0, 0);
        for (day, job) in
            days.iter().flat_map(|day| kinds::of(day, kinds).map(move |job| (day, job)))
        {
            all += 1;
            held += u64::from(holds(day, job));
        }
        run.exact(claim, held == all && all > 0, format!("{held} of {all} jobs"));
    }
    run.observed(&SPACED, format!("of the last that failed twice: {}", verdicts::gaps(last)));
    Ok(())
}
