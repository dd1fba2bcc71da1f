//! Why did servers leave one thread per client?
//!
//! ```text
//! cargo run --example connections
//! cargo run --example connections -- --connections 2000 --twin
//! ```
//!
//! Two echo servers, each in a process of its own, hold thousands of
//! connections on which nothing is said. Look at what one connection adds to
//! their memory, and at how long it takes until all have been answered.
//! Chapter: `book/turns/connections.md`.

mod clients;
mod in_tasks;
mod in_threads;
mod limit;
#[cfg(target_os = "linux")]
mod memory;
mod server;

use std::env;
use std::process::ExitCode;

use anyhow::{Context, anyhow, bail};
use clients::{AT_ONCE, ask_all, open};
use server::{ROLE, Server};
use taking_turns::quantity::Unit;
use taking_turns::report::Scale::Linear;
use taking_turns::{Bound, Claim, Experiment, Misuse, Parameter, Quantity, Run, Trial, sources};

/// A thread has two mappings, and Linux allows a process 65 530 by default.
const CONNECTIONS: Parameter =
    Parameter::count("connections", 10_000, (100, 20_000), "Connections that are held open")
        .quick(1_000);

const THREADS: &str = "threads";
const TASKS: &str = "tasks";

const MEMORY: Quantity = Quantity::bytes("memory");
const ADDRESSES: Quantity = Quantity::bytes("addresses");
const PAGE_TABLES: Quantity = Quantity::bytes("page tables");
const KERNEL_STACK: Quantity = Quantity::bytes("kernel stack");
const OPENED: Quantity = Quantity::seconds("opened");
const ASKED: Quantity = Quantity::seconds("all asked");
const ANSWERED: Quantity = Quantity::count("answered");
const SERVER: Quantity = Quantity::bytes("memory of the server");
const OPEN: Quantity = Quantity::count("open connections");

/// Points of the chart.
const LOOKS: usize = 10;

const ALL: Claim = Claim::exact("all-answered", "Every client is answered while all are there.");
const LIGHTER: Claim = Claim::robust(
    "lighter",
    "An idle connection takes at most a third of the memory if a task holds it.",
);
const KERNEL: Claim =
    Claim::observed("kernel", "What the kernel keeps for each besides: page tables and a stack.");
const LIMIT: Claim = Claim::observed("limit", "The limit on open files, for this and that end.");

const EXPERIMENT: Experiment = Experiment {
    name: "connections",
    question: "Why did servers leave one thread per client?",
    chapter: "turns/connections",
    parameters: &[&CONNECTIONS],
    variants: &[THREADS, TASKS],
    claims: &[&ALL, &LIGHTER, &KERNEL, &LIMIT],
    trials: 2,
    quick_trials: 3,
    warm_up: false,
    sources: sources![
        "main.rs",
        "clients.rs",
        "in_tasks.rs",
        "in_threads.rs",
        "limit.rs",
        "memory.rs",
        "server.rs"
    ],
    twin: Some(include_str!("twin.py")),
};

fn main() -> ExitCode {
    match env::var(ROLE) {
        Err(_) => EXPERIMENT.main(run),
        Ok(kind) => server::play(&kind).map_or_else(
            |error| {
                eprintln!("{error:#}");
                ExitCode::FAILURE
            },
            |()| ExitCode::SUCCESS,
        ),
    }
}

fn run(run: &mut Run) -> anyhow::Result<()> {
    let wished = run.count(&CONNECTIONS);
    let limit = limit::raise(wished).context("cannot raise the limit on open files")?;
    let connections = limit.allows(wished) as usize;
    if connections < 100 {
        bail!(Misuse(format!("a limit of {} open files is too low; see `ulimit -n`", limit.now)));
    }

    run.trials(|trial| {
        hold(trial, THREADS, connections)?;
        hold(trial, TASKS, connections)
    })?;
    run.lines(SERVER, OPEN, (Linear, Linear));

    let counts = [THREADS, TASKS].map(|variant| run.samples(ANSWERED, variant)).concat();
    let answered: f64 = counts.iter().sum();
    let evidence = format!("{} of {}", count(answered), count((counts.len() * connections) as f64));
    run.exact(&ALL, counts.iter().all(|&count| count == connections as f64), evidence);
    if cfg!(target_os = "linux") {
        let ratios = run.ratios((MEMORY, TASKS), (MEMORY, THREADS));
        run.robust(&LIGHTER, &ratios, Bound::AtMost(0.333));
        let [threads, tasks] = [THREADS, TASKS].map(|variant| {
            let kept = [PAGE_TABLES, KERNEL_STACK].map(|what| run.samples(what, variant));
            kept.map(|kept| Unit::Bytes.format(taking_turns::statistics::median(&kept))).join(" + ")
        });
        run.observed(&KERNEL, format!("{threads} with threads, {tasks} with tasks"));
    } else {
        let reason = "memory is read from /proc, which is Linux's";
        run.untestable(&LIGHTER, reason);
        run.untestable(&KERNEL, reason);
    }
    let evidence = match cfg!(unix) {
        true => format!(
            "{}, found at {}: room for {} of {}",
            count(limit.now as f64),
            count(limit.before as f64),
            count(connections as f64),
            count(wished as f64),
        ),
        false => "none on this system".to_owned(),
    };
    run.observed(&LIMIT, evidence);
    Ok(())
}

/// Opens connections to a new server, lets them be idle, and looks at what it
/// has in memory meanwhile. Then all are asked once more.
fn hold(trial: &mut Trial, variant: &'static str, count: usize) -> anyhow::Result<()> {
    let mut server = Server::start(variant)?;
    let failed = |what: String, cause: std::io::Error, server: &mut Server| {
        let words = server.last_words();
        anyhow!("cannot {what} of {count} to {variant}: {cause}; the server: {words}")
    };
    #[cfg(target_os = "linux")]
    let before = memory::Memory::of(server.pid())?;
    let mut connections = Vec::with_capacity(count);
    let mut opening = 0.0;
    for look in 1..=LOOKS {
        let (opened, spent) = trial.time(variant, || {
            while connections.len() < count * look / LOOKS {
                let missing = count * look / LOOKS - connections.len();
                connections.extend(open(server.address, missing.min(AT_ONCE))?);
            }
            std::io::Result::Ok(())
        });
        let next = connections.len() + 1;
        let what = format!("open connection {next}");
        opened.map_err(|cause| failed(what, cause, &mut server))?;
        opening += spent.wall;
        #[cfg(target_os = "linux")]
        {
            let resident = memory::Memory::of(server.pid())?.resident;
            trial.record_at(SERVER, variant, connections.len() as f64, resident);
        }
    }
    trial.record(OPENED, variant, opening);

    #[cfg(target_os = "linux")]
    {
        let added = memory::Memory::of(server.pid())? - before;
        for (quantity, bytes) in [
            (MEMORY, added.resident),
            (ADDRESSES, added.addresses),
            (PAGE_TABLES, added.page_tables),
            (KERNEL_STACK, added.kernel_stacks),
        ] {
            trial.record(quantity, variant, bytes / count as f64);
        }
    }

    let (answered, spent) = trial.time(variant, || ask_all(&mut connections));
    let answered =
        answered.map_err(|cause| failed("ask all connections".to_owned(), cause, &mut server))?;
    trial.record(ASKED, variant, spent.wall);
    trial.record(ANSWERED, variant, answered as f64);
    // First, or thousands of threads would each wake up to an end of their own.
    drop(server);
    Ok(())
}

fn count(number: f64) -> String {
    Unit::Count.format(number)
}
