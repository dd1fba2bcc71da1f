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

mod figures;

use std::process::{self, ExitCode};
use std::time::Duration;

use anyhow::{Context, bail};
use figures::{HEALTH, LATENCY, P99, PERCENTILE, SERVED, SHED, record};
use taking_turns::quantity::Unit;
use taking_turns::report::Scale::{Linear, Logarithmic};
use taking_turns::statistics::median;
use taking_turns::{Bound, Claim, Experiment, Misuse, Parameter, Run, sources};
use web_server::load::{self, CLIENTS, answered, beside_health, closed_loop, stopped_halfway};
use web_server::server::{self, Server};
use web_server::wrk;

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
const WRK: Claim = Claim::observed("wrk", "wrk, a closed loop, sees what our closed loop does.");

const EXPERIMENT: Experiment = Experiment {
    name: "web_server",
    question: "How does a server handle many requests at once?",
    chapter: "production/web_server",
    parameters: &[&RATE, &REQUESTS, &COST, &SERVE],
    variants: &[AWAITS, BLOCKS, CLOSED, COMPUTES, POOL, LIMITED, STOPPED],
    claims: &[&BLOCKED, &OTHERS, &OMITTED, &SPARED, &SHORT, &ANSWERED, &SHEDS, &GRACEFUL, &WRK],
    trials: 3,
    quick_trials: 1,
    warm_up: false,
    sources: sources![
        "main.rs",
        "figures.rs",
        "handlers.rs",
        "lib.rs",
        "load.rs",
        "server.rs",
        "wrk.rs"
    ],
    twin: Some(include_str!("twin.py")),
};

fn main() -> ExitCode {
    server::become_server();
    EXPERIMENT.main(run)
}

fn run(run: &mut Run) -> anyhow::Result<()> {
    let cost = Duration::from_millis(run.count(&COST));
    if let Some(port) = run.text(&SERVE) {
        let Ok(port) = port.parse() else {
            let allowed = "a port from 0 to 65535 is allowed";
            bail!(Misuse(format!("invalid value '{port}' for '--serve <PORT>': {allowed}")));
        };
        server::serve_alone(port, cost).with_context(|| format!("cannot serve on port {port}"))?;
        process::exit(0);
    }
    let (rate, requests) = (run.count(&RATE) as f64, run.count(&REQUESTS) as u32);
    let start = || Server::start(cost).context("cannot start the server");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let client = load::client()?;

    let (mut all, mut stops) = (Vec::new(), Vec::new());
    run.trials(|trial| {
        let server = start()?;
        let mut asked_here = Vec::new();
        for (variant, path) in [
            (AWAITS, "awaits"),
            (BLOCKS, "blocks"),
            (COMPUTES, "computes"),
            (POOL, "pool"),
            (LIMITED, "pool/limited"),
        ] {
            let load = beside_health(&client, &server, path, rate, requests);
            let ((asked, health), spent) = trial.time(variant, || runtime.block_on(load));
            record(trial, variant, &asked, &health, spent);
            asked_here.extend([asked, health].concat());
        }

        let load = closed_loop(&client, server.url("blocks"), CLIENTS, requests);
        let (asked, spent) = trial.time(CLOSED, || runtime.block_on(load));
        record(trial, CLOSED, &asked, &[], spent);
        asked_here.extend(asked);

        if cfg!(unix) {
            let load = stopped_halfway(&client, &server, "awaits", rate, requests);
            let (asked, spent) = trial.time(STOPPED, || runtime.block_on(load));
            let asked = asked.context("cannot tell the server to stop")?;
            record(trial, STOPPED, &asked, &[], spent);
            let begun = server.stopped().context("cannot stop the server")?;
            stops.push((answered(&asked), begun - answered(&asked_here)));
        }
        all.extend(asked_here);
        Ok(())
    })?;

    run.lines(LATENCY, PERCENTILE, (Linear, Logarithmic));

    // By how much two threads are late when the last request is sent.
    let (cost, requests) = (cost.as_secs_f64(), f64::from(requests));
    let late = requests * cost / server::WORKERS as f64 - requests / rate;
    let overloaded = late >= 0.2 && late >= 20.0 * cost;
    for (claim, over, under, bound) in [
        (&BLOCKED, (P99, BLOCKS), (P99, AWAITS), Bound::AtLeast(5.0)),
        (&OTHERS, (HEALTH, BLOCKS), (HEALTH, AWAITS), Bound::AtLeast(5.0)),
        (&OMITTED, (P99, CLOSED), (P99, BLOCKS), Bound::AtMost(0.33)),
        (&SPARED, (HEALTH, COMPUTES), (HEALTH, POOL), Bound::AtLeast(3.0)),
        (&SHORT, (P99, LIMITED), (P99, POOL), Bound::AtMost(0.5)),
    ] {
        match overloaded {
            true => run.robust(claim, &run.ratios(over, under), bound),
            false => run.untestable(claim, "so little load leaves no long queue"),
        }
    }
    let got = answered(&all);
    run.exact(&ANSWERED, got == all.len(), format!("{got} of {} requests", all.len()));
    let [let_in, shed] = [SERVED, SHED].map(|what| run.samples(what, LIMITED).iter().sum::<f64>());
    let let_in_and_shed = format!("{let_in} with 200, {shed} with 503");
    match overloaded {
        true => run.exact(&SHEDS, let_in > 0.0 && shed > 0.0, let_in_and_shed),
        false => run.untestable(&SHEDS, "so little load need not reach the limit"),
    }
    let (got, begun) = stops.iter().fold((0, 0), |sum, it| (sum.0 + it.0, sum.1 + it.1));
    match stops.is_empty() {
        false => run.exact(&GRACEFUL, got == begun, format!("{got} of {begun} requests begun")),
        true => run.untestable(&GRACEFUL, "this system has no SIGTERM"),
    }
    let ours = Unit::Seconds.format(median(&run.samples(P99, CLOSED)));
    let theirs = wrk::p99(&start()?.url("blocks"), CLIENTS).context("cannot use `wrk`")?;
    let evidence = theirs.map(|theirs| format!("p99 {theirs} by wrk, {ours} by our closed loop"));
    run.observed(&WRK, evidence.unwrap_or("wrk is not installed here".to_owned()));
    Ok(())
}
