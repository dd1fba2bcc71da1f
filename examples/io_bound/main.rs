//! And what does a job look like that waits?
//!
//! ```text
//! cargo run --example io_bound
//! cargo run --example io_bound -- --pages 100 --latency 20
//! cargo run --example io_bound --features tls -- --url https://www.rust-lang.org
//! ```
//!
//! Look at the same two times as in `cpu_bound`, and at the timeline: the
//! client runs for a moment between long waits. The pages come from a server
//! within this program, so that its processor time is in the figure as well.
//! Chapter: `book/one_thing/io_bound.md`.

use std::error::Error;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, bail};
use io_bound::{Page, one_by_one};
use reqwest::blocking::Client;
use taking_turns::loopback::Loopback;
use taking_turns::statistics::median;
use taking_turns::{Bound, Claim, Experiment, Lane, Parameter, Quantity, Run, State, sources};

const PAGES: Parameter =
    Parameter::count("pages", 20, (1, 1_000), "Pages to fetch, one after another").quick(5);
const LATENCY: Parameter =
    Parameter::count("latency", 50, (20, 1_000), "Time before our server answers").unit("ms");
const URL: Parameter = Parameter::text("url", "URL", "Fetch this address instead");

const SESSION: &str = "one by one";

const WALL: Quantity = Quantity::seconds("wall time");
const CPU: Quantity = Quantity::seconds("CPU time");
const BYTES: Quantity = Quantity::bytes("read");
const WAITED: Quantity = Quantity::count("voluntary switches");

const ALL_READ: Claim =
    Claim::exact("all-read", "The client reads every byte that the server sends.");
const IDLE: Claim = Claim::robust(
    "mostly-waits",
    "Client and server together are on a processor for at most 0.2 of the time that it takes.",
);
const WAITS: Claim =
    Claim::observed("waits-for-each", "The program gives the processor up for every page.");

const EXPERIMENT: Experiment = Experiment {
    name: "io_bound",
    question: "What does a job look like that waits?",
    chapter: "one_thing/io_bound",
    parameters: &[&PAGES, &LATENCY, &URL],
    variants: &[SESSION],
    claims: &[&ALL_READ, &IDLE, &WAITS],
    trials: 5,
    quick_trials: 3,
    warm_up: true,
    sources: sources!["main.rs", "fetch.rs"],
    twin: Some(include_str!("twin.py")),
};

/// A server that takes longer than this to answer is taken for dead.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Lanes longer than this many pages are hard to read.
const DRAWN: usize = 10;

fn main() -> ExitCode {
    EXPERIMENT.main(run)
}

fn run(run: &mut Run) -> anyhow::Result<()> {
    let pages = run.count(&PAGES);
    let url = run.text(&URL).map(str::to_owned);
    let server = Loopback::start(Duration::from_millis(run.count(&LATENCY)))
        .context("cannot start the server on 127.0.0.1")?;
    let addresses: Vec<String> =
        (0..pages).map(|page| url.clone().unwrap_or_else(|| server.url(page))).collect();
    if addresses[0].starts_with("https:") && cfg!(not(feature = "tls")) {
        bail!("cannot fetch `{}`: HTTPS needs the feature: --features tls", addresses[0]);
    }
    let client = Client::builder().timeout(TIMEOUT).build()?;

    let mut sent = Vec::new();
    let mut last = Vec::new();
    run.trials(|trial| {
        let served = server.served();
        let (fetched, spent) = trial.time(SESSION, || one_by_one(&client, &addresses));
        last = fetched.map_err(|error| explain(&addresses[0], &error))?;
        let bytes = last.iter().map(|page| page.bytes).sum::<u64>();
        sent.push((bytes, server.served() - served));
        trial.record(WALL, SESSION, spent.wall);
        if let Some(usage) = spent.usage {
            trial.record(CPU, SESSION, usage.cpu);
            trial.record(WAITED, SESSION, usage.voluntary_switches);
        }
        trial.record(BYTES, SESSION, bytes as f64);
        Ok(())
    })?;
    run.lanes([lane(&last)]);

    if url.is_some() {
        let reason = "--url names a server that is not ours";
        run.untestable(&ALL_READ, reason);
        run.untestable(&IDLE, reason);
    } else {
        let all = sent.iter().filter(|(read, sent)| read == sent).count();
        let evidence = format!("{all} of {} trials, the warm-up counted", sent.len());
        run.exact(&ALL_READ, all == sent.len(), evidence);
        let ratios = run.ratios((CPU, SESSION), (WALL, SESSION));
        if ratios.is_empty() && run.samples(CPU, SESSION).is_empty() {
            run.untestable(&IDLE, "this system does not tell a process its processor time");
        } else {
            run.robust(&IDLE, &ratios, Bound::AtMost(0.2));
        }
    }
    let waits = run.samples(WAITED, SESSION);
    if waits.is_empty() {
        run.untestable(&WAITS, "this system does not count a process's switches");
    } else {
        let each = median(&waits) / pages as f64;
        run.observed(&WAITS, format!("{each:.1} voluntary switches a page, median of the trials"));
    }
    Ok(())
}

/// Waiting from question to answer, running in between.
fn lane(pages: &[Page]) -> Lane {
    let seconds = |time: Duration| time.as_secs_f64();
    let spans = pages.iter().take(DRAWN).flat_map(|page| {
        [
            (seconds(page.asked), seconds(page.answered), State::Waiting),
            (seconds(page.answered), seconds(page.read), State::Running),
        ]
    });
    Lane { variant: SESSION.to_owned(), name: "client".to_owned(), spans: spans.collect() }
}

/// reqwest says what it did; the cause lies at the end of its chain.
fn explain(address: &str, error: &reqwest::Error) -> anyhow::Error {
    let cause = if let Some(status) = error.status() {
        format!("the server answered {status}")
    } else if error.is_timeout() {
        format!("no answer within {} seconds", TIMEOUT.as_secs())
    } else {
        let mut deepest: &dyn Error = error;
        while let Some(source) = deepest.source() {
            deepest = source;
        }
        deepest.to_string()
    };
    anyhow::anyhow!("cannot fetch `{address}`: {cause}")
}
