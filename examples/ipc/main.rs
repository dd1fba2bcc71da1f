//! How do processes talk, and what does it cost?
//!
//! ```text
//! cargo run --example ipc
//! cargo run --example ipc -- --cores 1 --twin
//! ```
//!
//! Look at the round trips of short messages, which are all about waking
//! somebody, and at the throughput of long ones, which is all about copies.
//! Chapter: `book/processes/ipc.md`.

#[cfg(unix)]
mod cores;
mod lines;
#[cfg(unix)]
mod memory;
#[cfg(unix)]
mod name;
#[cfg(unix)]
mod pipe;
#[cfg(target_os = "linux")]
mod queue;
#[cfg(unix)]
mod socket;
#[cfg(unix)]
mod talk;

use std::process::ExitCode;

#[cfg(unix)]
use anyhow::Context;
#[cfg(unix)]
use cores::Cores;
use lines::{LARGE, MEMORY, PIPE, QUEUE, SOCKET};
use taking_turns::report::Scale::Logarithmic;
use taking_turns::{Bound, Claim, Experiment, Parameter, Quantity, Run, sources, statistics};
#[cfg(unix)]
use talk::Message;

const ROUNDS: Parameter =
    Parameter::count("rounds", 100, (10, 10_000), "Round trips of each size").quick(50);
const VOLUME: Parameter =
    Parameter::count("volume", 16, (1, 1024), "Sent one way in messages of each size, at most")
        .unit("MiB")
        .quick(8);
const CORES: Parameter =
    Parameter::count("cores", 2, (1, 2), "Cores for the two processes, one each if there are two");
/// So many messages of each size at most: time enough for a short one.
#[cfg(unix)]
const MOST: usize = 4_000;
/// Bytes in a message, powers of four from 64 B to 1 MiB.
#[cfg(unix)]
const SIZES: [usize; 8] = [1 << 6, 1 << 8, 1 << 10, 1 << 12, 1 << 14, 1 << 16, 1 << 18, 1 << 20];
const SHORT: f64 = 64.0;
const LONG: f64 = 1_048_576.0;

const SIZE: Quantity = Quantity::bytes("message");
const TRIP: Quantity = Quantity::seconds("round trip");
const ONE_WAY: Quantity = Quantity::bytes_per_second("one way");

const ARRIVES: Claim = Claim::exact(
    "every-byte-arrives",
    "Through pipes, a socket and shared memory every byte of every message arrives.",
);
const QUEUE_ARRIVES: Claim = Claim::exact(
    "queue-arrives",
    "Through a message queue too, in pieces where a message is too long for one.",
);
const NO_NAME: Claim = Claim::exact(
    "no-name-is-left",
    "Shared memory and queues have lost their names before the first byte goes through them.",
);
const BEATS_PIPE: Claim = Claim::robust(
    "memory-beats-pipe",
    "In messages of 1 MiB, shared memory carries more in a second than a pipe.",
);
const BEATS_LARGE: Claim = Claim::robust(
    "memory-beats-large-pipe",
    "It still does when the pipe has room for a whole message.",
);
const SHORT_TRIP: Claim = Claim::observed(
    "short-trip",
    "A round trip of 64 bytes costs about the same through shared memory and through a pipe.",
);

const EXPERIMENT: Experiment = Experiment {
    name: "ipc",
    question: "How do processes talk, and what does it cost?",
    chapter: "processes/ipc",
    parameters: &[&ROUNDS, &VOLUME, &CORES],
    variants: &[PIPE, LARGE, SOCKET, MEMORY, QUEUE],
    claims: &[&ARRIVES, &QUEUE_ARRIVES, &NO_NAME, &BEATS_PIPE, &BEATS_LARGE, &SHORT_TRIP],
    trials: 10,
    quick_trials: 5,
    warm_up: false,
    sources: sources![
        "main.rs",
        "cores.rs",
        "lines.rs",
        "talk.rs",
        "pipe.rs",
        "socket.rs",
        "memory.rs",
        "queue.rs",
        "name.rs",
    ],
    twin: Some(include_str!("twin.py")),
};

fn main() -> ExitCode {
    EXPERIMENT.main(run)
}

#[cfg(unix)]
fn run(run: &mut Run) -> anyhow::Result<()> {
    let rounds = run.count(&ROUNDS) as usize;
    let volume = (run.count(&VOLUME) as usize) << 20;
    let (lines, refused) = lines::available(SIZES[0]);
    let cores = Cores::choose(run.count(&CORES) as usize).context("cannot choose cores")?;
    cores.keep_us().context("cannot keep to a core")?;

    let mut arrived = Vec::new();
    let (mut named, mut opened) = (0, 0);
    run.trials(|trial| {
        for size in SIZES {
            let count = (volume / size).clamp(2, MOST);
            let [mut theirs, mut question, mut message] = [(); 3].map(|()| Message::new(size));
            for &(line, open) in &lines {
                let ends = open(size).with_context(|| format!("cannot open a {line}"))?;
                named += usize::from(lines::have_a_name());
                opened += 1;
                let talked = talk::with_a_child(
                    ends,
                    |us| {
                        cores.keep_them()?;
                        talk::answer(us, &mut theirs, 1 + rounds)?;
                        talk::pour(us, &mut theirs, count)
                    },
                    |them| {
                        let mut ask = |rounds| talk::ask(them, &mut question, &mut message, rounds);
                        // The first answer comes when the child has started.
                        let first = ask(1)?;
                        let (trips, spent) = trial.time(line, || ask(rounds));
                        trial.record_at(TRIP, line, size as f64, spent.wall / rounds as f64);
                        let (stream, spent) =
                            trial.time(line, || talk::collect(them, &mut message, count));
                        let speed = (size * count) as f64 / spent.wall;
                        trial.record_at(ONE_WAY, line, size as f64, speed);
                        Ok(first + trips? + stream?)
                    },
                );
                let right = talked.with_context(|| format!("cannot talk through a {line}"))?;
                arrived.push((line, right, 1 + rounds + count));
            }
        }
        Ok(())
    })?;
    drop(cores);
    run.lines(TRIP, SIZE, (Logarithmic, Logarithmic));
    run.lines(ONE_WAY, SIZE, (Logarithmic, Logarithmic));

    let reason = |needed: &[&str]| refused.iter().find(|(line, _)| needed.contains(line));
    let streams = [PIPE, LARGE, SOCKET, MEMORY];
    for (claim, through) in [(&ARRIVES, &streams[..]), (&QUEUE_ARRIVES, &[QUEUE])] {
        let about = arrived.iter().filter(|(line, ..)| through.contains(line));
        let (right, all) = about.fold((0, 0), |sum, (_, right, all)| (sum.0 + right, sum.1 + all));
        match reason(through) {
            Some((_, reason)) if right == all => run.untestable(claim, reason),
            _ => run.exact(claim, right == all, format!("{right} of {all} messages")),
        }
    }
    run.exact(&NO_NAME, named == 0, format!("{named} of {opened} lines had a name"));
    for (claim, pipe) in [(&BEATS_PIPE, PIPE), (&BEATS_LARGE, LARGE)] {
        let times = run.ratios_at((ONE_WAY, MEMORY, LONG), (ONE_WAY, pipe, LONG));
        match reason(&[MEMORY, pipe]) {
            Some((_, reason)) => run.untestable(claim, reason),
            None => run.robust(claim, &times, Bound::AtLeast(1.2)),
        }
    }
    let trips = [MEMORY, PIPE].map(|line| {
        let trips = run.samples_at(TRIP, line, SHORT);
        if trips.is_empty() {
            return format!("no {line} here");
        }
        let (low, high) = statistics::range(&trips);
        format!("{line} {}", TRIP.unit.format_range(statistics::median(&trips), low, high))
    });
    run.observed(&SHORT_TRIP, trips.join(", "));
    Ok(())
}

#[cfg(not(unix))]
fn run(run: &mut Run) -> anyhow::Result<()> {
    run.trials(|_| Ok(()))?;
    for claim in EXPERIMENT.claims {
        run.untestable(claim, "this system has no fork");
    }
    Ok(())
}
