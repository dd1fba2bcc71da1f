//! How does a server handle many requests at once?
//!
//! ```text
//! cargo run --example web_server
//! cargo run --example web_server -- --rate 100
//! cargo run --example web_server -- --serve 8080
//! ```
//!
//! One handler in four ways meets the same requests, on the same schedule.
//! Look at the 99th percentile of each, and at what a request for /health
//! waits meanwhile, which asks for nothing. With `--serve` the server stays
//! up for a client of your own. Chapter: `book/production/web_server.md`.

use std::io::ErrorKind;
use std::process::{Command, ExitCode};
use std::time::Duration;

use anyhow::Context;
use reqwest::Client;
use taking_turns::quantity::Unit;
use taking_turns::report::Scale::{Linear, Logarithmic};
use taking_turns::statistics::median;
use taking_turns::{Bound, Claim, Experiment, Misuse, Parameter, Quantity, Run, Trial, sources};
use web_server::load::{Asked, closed_loop, latencies, open_loop};
use web_server::server::{self, Server};

const RATE: Parameter =
    Parameter::count("rate", 500, (10, 5_000), "Requests sent each second").unit("/s");
/// All of them can be under way at once, each with a connection.
const REQUESTS: Parameter =
    Parameter::count("requests", 100, (20, 400), "Requests to each handler");
const COST: Parameter =
    Parameter::count("cost", 10, (1, 1_000), "Time that a handler waits or computes").unit("ms");
const SERVE: Parameter =
    Parameter::text("serve", "PORT", "Only serve, on 127.0.0.1 and until Ctrl-C");

const AWAITS: &str = "awaits";
const BLOCKS: &str = "blocks";
const CLOSED: &str = "blocks, closed loop";
const COMPUTES: &str = "computes";
const POOL: &str = "computes on a pool";
const LIMITED: &str = "pool with a limit";
const STOPPED: &str = "awaits, told to stop";

const P50: Quantity = Quantity::seconds("p50");
const P99: Quantity = Quantity::seconds("p99");
/// The slowest of a few requests that ask for nothing.
const HEALTH: Quantity = Quantity::seconds("slowest health check");
const SERVED: Quantity = Quantity::count("answered 200");
const SHED: Quantity = Quantity::count("answered 503");
const LATENCY: Quantity = Quantity::seconds("latency");
const PERCENTILE: Quantity = Quantity::share("percentile");

const BLOCKED: Claim = Claim::robust(
    "blocked",
    "Under one load, the handler that blocks has 5 times the p99 of the one that awaits.",
);
const OTHERS: Claim =
    Claim::robust("others", "It delays /health as well, which has nothing to do with it, 5 times.");
const OMITTED: Claim = Claim::robust(
    "omitted",
    "A closed loop sees at most a third of that p99, on the same handler of the same server.",
);
const SPARED: Claim = Claim::robust(
    "spared",
    "Computing in the handler delays /health 3 times as much as computing on a pool.",
);
const SHORT: Claim = Claim::robust(
    "short",
    "With a limit, the p99 of those let in is at most half of the p99 without.",
);
const ANSWERED: Claim =
    Claim::exact("answered", "Until it is told to stop, every request is answered.");
const SHEDS: Claim =
    Claim::exact("sheds", "Over the limit some are answered with 503, and the others with 200.");
const GRACEFUL: Claim =
    Claim::exact("graceful", "Told to stop under load, the server answers all that it has begun.");
const TURNED_AWAY: Claim =
    Claim::observed("turned-away", "Requests that came after that were turned away.");
const WRK: Claim = Claim::observed("wrk", "wrk, a closed loop, sees what our closed loop does.");

const EXPERIMENT: Experiment = Experiment {
    name: "web_server",
    question: "How does a server handle many requests at once?",
    chapter: "production/web_server",
    parameters: &[&RATE, &REQUESTS, &COST, &SERVE],
    variants: &[AWAITS, BLOCKS, CLOSED, COMPUTES, POOL, LIMITED, STOPPED],
    claims: &[
        &BLOCKED,
        &OTHERS,
        &OMITTED,
        &SPARED,
        &SHORT,
        &ANSWERED,
        &SHEDS,
        &GRACEFUL,
        &TURNED_AWAY,
        &WRK,
    ],
    trials: 3,
    quick_trials: 1,
    warm_up: false,
    sources: sources!["main.rs", "handlers.rs", "lib.rs", "load.rs", "server.rs"],
    twin: Some(include_str!("twin.py")),
};

/// Clients of the closed loop: as many as wait at once when a server of two
/// threads is just busy.
const CLIENTS: u32 = 4;

/// One request to /health for so many others.
const HEALTH_EVERY: f64 = 5.0;

fn main() -> ExitCode {
    server::become_server();
    EXPERIMENT.main(run)
}

fn run(run: &mut Run) -> anyhow::Result<()> {
    let cost = Duration::from_millis(run.count(&COST));
    if let Some(port) = run.text(&SERVE) {
        return only_serve(port, cost);
    }
    let (rate, requests) = (run.count(&RATE) as f64, run.count(&REQUESTS) as u32);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    // A proxy that the environment names is none for this machine.
    let client = Client::builder().no_proxy().build()?;

    let mut tallies = Vec::new();
    let mut stops = Vec::new();
    run.trials(|trial| {
        let server = start(cost)?;
        let health = server.url("health");
        let mut tally = Tally::default();
        for (variant, path) in [
            (AWAITS, "awaits"),
            (BLOCKS, "blocks"),
            (COMPUTES, "computes"),
            (POOL, "pool"),
            (LIMITED, "pool/limited"),
        ] {
            let url = server.url(path);
            let load = async {
                let others = (rate / HEALTH_EVERY, requests / HEALTH_EVERY as u32);
                tokio::join!(
                    open_loop(&client, &url, rate, requests),
                    open_loop(&client, &health, others.0, others.1),
                )
            };
            let ((asked, others), _) = trial.time(variant, || runtime.block_on(load));
            record(trial, variant, &asked);
            trial.record(HEALTH, variant, latencies(&others, 200).max() as f64 / 1e6);
            tally.add(&asked);
            tally.add(&others);
        }

        let url = server.url("blocks");
        let load = closed_loop(&client, &url, CLIENTS, requests);
        let (asked, _) = trial.time(CLOSED, || runtime.block_on(load));
        record(trial, CLOSED, &asked);
        tally.add(&asked);

        #[cfg(unix)]
        {
            let url = server.url("awaits");
            let load = async {
                let halfway = Duration::from_secs_f64(f64::from(requests) / 2.0 / rate);
                tokio::join!(open_loop(&client, &url, rate, requests), async {
                    tokio::time::sleep(halfway).await;
                    server.tell_to_stop()
                })
            };
            let ((asked, told), _) = trial.time(STOPPED, || runtime.block_on(load));
            told.context("cannot tell the server to stop")?;
            record(trial, STOPPED, &asked);
            let begun = server.stopped().context("cannot stop the server")?;
            let before = tally.answered();
            let last = Tally::of(&asked);
            stops.push((begun - before, last.answered(), last.unanswered));
        }
        tallies.push(tally);
        Ok(())
    })?;

    run.lines(LATENCY, PERCENTILE, (Linear, Logarithmic));
    decide(run, rate, requests, cost);

    let sent: u64 = tallies.iter().map(|tally| tally.answered() + tally.unanswered).sum();
    let answered: u64 = tallies.iter().map(Tally::answered).sum();
    run.exact(&ANSWERED, answered == sent, format!("{answered} of {sent} requests"));
    if stops.is_empty() {
        run.untestable(&GRACEFUL, "this system has no SIGTERM");
        run.untestable(&TURNED_AWAY, "this system has no SIGTERM");
    } else {
        let sum = |of: fn(&(u64, u64, u64)) -> u64| stops.iter().map(of).sum::<u64>();
        let (begun, answered, away) = (sum(|it| it.0), sum(|it| it.1), sum(|it| it.2));
        run.exact(&GRACEFUL, begun == answered, format!("{answered} of {begun} begun"));
        run.observed(&TURNED_AWAY, format!("{away} of {} requests", answered + away));
    }
    let ours = Unit::Seconds.format(median(&run.samples(P99, CLOSED)));
    let theirs = wrk(&start(cost)?.url("blocks"))?;
    run.observed(
        &WRK,
        match theirs {
            Some(theirs) => format!("p99 {theirs} by wrk, {ours} by our closed loop"),
            None => "wrk is not installed here".to_owned(),
        },
    );
    Ok(())
}

/// The claims on latencies.
fn decide(run: &mut Run, rate: f64, requests: u32, cost: Duration) {
    let cost = cost.as_secs_f64();
    let requests = f64::from(requests);
    // How far two threads are behind when the last request is sent.
    let behind = requests * cost / server::WORKERS as f64 - requests / rate;
    for (claim, over, under, bound) in [
        (&BLOCKED, (P99, BLOCKS), (P99, AWAITS), Bound::AtLeast(5.0)),
        (&OTHERS, (HEALTH, BLOCKS), (HEALTH, AWAITS), Bound::AtLeast(5.0)),
        (&OMITTED, (P99, CLOSED), (P99, BLOCKS), Bound::AtMost(0.33)),
        (&SPARED, (HEALTH, COMPUTES), (HEALTH, POOL), Bound::AtLeast(3.0)),
        (&SHORT, (P99, LIMITED), (P99, POOL), Bound::AtMost(0.5)),
    ] {
        if behind >= 0.2 && behind >= 20.0 * cost {
            let ratios = run.ratios(over, under);
            run.robust(claim, &ratios, bound);
        } else {
            run.untestable(claim, "two threads are not far enough behind with so little load");
        }
    }
    let [served, shed] = [SERVED, SHED].map(|what| run.samples(what, LIMITED).iter().sum::<f64>());
    if behind >= 0.2 {
        run.exact(&SHEDS, served > 0.0 && shed > 0.0, format!("200 × {served}, 503 × {shed}"));
    } else {
        run.untestable(&SHEDS, "so little load need not reach the limit");
    }
}

fn start(cost: Duration) -> anyhow::Result<Server> {
    Server::start(cost).context("cannot start the server")
}

fn record(trial: &mut Trial, variant: &'static str, asked: &[Asked]) {
    let served = latencies(asked, 200);
    let seconds = |percentile: f64| served.value_at_quantile(percentile) as f64 / 1e6;
    trial.record(P50, variant, seconds(0.5));
    trial.record(P99, variant, seconds(0.99));
    trial.record(SERVED, variant, served.len() as f64);
    trial.record(SHED, variant, latencies(asked, 503).len() as f64);
    if variant != STOPPED {
        for percentile in [0.1, 0.25, 0.5, 0.75, 0.9, 0.99] {
            trial.record_at(LATENCY, variant, percentile, seconds(percentile));
        }
    }
}

/// What became of many requests.
#[derive(Default)]
struct Tally {
    served: u64,
    shed: u64,
    unanswered: u64,
}

impl Tally {
    fn of(asked: &[Asked]) -> Tally {
        let mut tally = Tally::default();
        tally.add(asked);
        tally
    }

    fn add(&mut self, asked: &[Asked]) {
        for asked in asked {
            match asked.status {
                Some(200) => self.served += 1,
                Some(503) => self.shed += 1,
                _ => self.unanswered += 1,
            }
        }
    }

    fn answered(&self) -> u64 {
        self.served + self.shed
    }
}

/// The server alone, for a client of the reader's own.
fn only_serve(port: &str, cost: Duration) -> anyhow::Result<()> {
    let port = port.parse().map_err(|_| {
        Misuse(format!(
            "invalid value '{port}' for '--serve <PORT>': a port from 0 to 65535 is allowed"
        ))
    })?;
    let begun = server::run(port, cost, |address| {
        println!(
            "http://{address} until Ctrl-C: /awaits /blocks /computes /pool /pool/limited /health"
        );
    })
    .with_context(|| format!("cannot serve on port {port}"))?;
    let noun = if begun == 1 { "request" } else { "requests" };
    println!("{begun} {noun} begun and answered");
    std::process::exit(0);
}

/// The 99th percentile that wrk finds in a second with as many connections as
/// our closed loop has clients, where wrk is installed.
fn wrk(url: &str) -> anyhow::Result<Option<String>> {
    let connections = format!("-c{CLIENTS}");
    let output =
        match Command::new("wrk").args(["-t1", &connections, "-d1s", "--latency", url]).output() {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            output => output.context("cannot run `wrk`")?,
        };
    let text = String::from_utf8_lossy(&output.stdout);
    let line = text.lines().find_map(|line| line.trim().strip_prefix("99%"));
    let p99 = line.context("cannot read what `wrk` prints: it has no 99th percentile")?.trim();
    // `41.30ms` with a space before its unit.
    let unit = p99.find(|c: char| c.is_alphabetic()).unwrap_or(p99.len());
    Ok(Some(format!("{} {}", &p99[..unit], &p99[unit..])))
}
