//! How do processes talk, and what does it cost?
//!
//! ```text
//! cargo run --example ipc
//! cargo run --example ipc -- --volume 64 --twin
//! ```
//!
//! Look at the round trips of short messages, which are all about waking
//! somebody, and at the throughput of long ones, which is all about copies.
//! Chapter: `book/processes/ipc.md`.

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

use taking_turns::{Bound, Claim, Experiment, Parameter, Quantity, Run, sources};

const ROUNDS: Parameter =
    Parameter::count("rounds", 200, (10, 100_000), "Round trips of each size").quick(100);
/// Of the shortest messages no more than `MOST` are sent.
const VOLUME: Parameter =
    Parameter::count("volume", 16, (1, 1024), "Sent one way in messages of each size")
        .unit("MiB")
        .quick(8);

const PIPE: &str = "pipe";
const SOCKET: &str = "Unix socket";
const MEMORY: &str = "shared memory";
const QUEUE: &str = "message queue";

/// Bytes in a message, and what is measured with messages of that size.
const SIZES: [(usize, Quantity, Quantity); 5] = [
    (64, Quantity::seconds("round trip, 64 B"), Quantity::bytes_per_second("one way, 64 B")),
    (1 << 10, Quantity::seconds("round trip, 1 KiB"), Quantity::bytes_per_second("one way, 1 KiB")),
    (
        16 << 10,
        Quantity::seconds("round trip, 16 KiB"),
        Quantity::bytes_per_second("one way, 16 KiB"),
    ),
    (
        128 << 10,
        Quantity::seconds("round trip, 128 KiB"),
        Quantity::bytes_per_second("one way, 128 KiB"),
    ),
    (1 << 20, Quantity::seconds("round trip, 1 MiB"), Quantity::bytes_per_second("one way, 1 MiB")),
];
const SHORT_TRIP: Quantity = SIZES[0].1;
const LONG_STREAM: Quantity = SIZES[4].2;
/// Messages of each size at most: enough to wake somebody some thousand times.
#[cfg(unix)]
const MOST: usize = 4_000;

const ARRIVES: Claim = Claim::exact(
    "every-byte-arrives",
    "Through pipe, socket and shared memory every byte arrives, as its checksum says.",
);
const QUEUE_ARRIVES: Claim = Claim::exact(
    "queue-arrives",
    "So it does through a message queue, in pieces where a message is too long for one.",
);
const NO_NAME: Claim = Claim::exact(
    "no-name-is-left",
    "While they are in use, nobody can find the shared memory and the queues by name any more.",
);
const MEMORY_WINS: Claim = Claim::robust(
    "memory-beats-pipe",
    "In messages of 1 MiB, shared memory carries more bytes in a second than a pipe.",
);
const WAKING: Claim = Claim::observed(
    "short-trips",
    "A round trip of 64 bytes through shared memory takes about as long as through the pipe that \
     is its bell.",
);

const EXPERIMENT: Experiment = Experiment {
    name: "ipc",
    question: "How do processes talk, and what does it cost?",
    chapter: "processes/ipc",
    parameters: &[&ROUNDS, &VOLUME],
    variants: &[PIPE, SOCKET, MEMORY, QUEUE],
    claims: &[&ARRIVES, &QUEUE_ARRIVES, &NO_NAME, &MEMORY_WINS, &WAKING],
    trials: 20,
    quick_trials: 5,
    warm_up: false,
    sources: sources![
        "main.rs",
        "talk.rs",
        "pipe.rs",
        "socket.rs",
        "memory.rs",
        "queue.rs",
        "name.rs"
    ],
    twin: None,
};

fn main() -> ExitCode {
    EXPERIMENT.main(run)
}

#[cfg(unix)]
fn run(run: &mut Run) -> anyhow::Result<()> {
    use anyhow::Context;

    let rounds = run.count(&ROUNDS) as usize;
    let volume = (run.count(&VOLUME) as usize) << 20;
    type Open = fn(usize) -> std::io::Result<talk::Ends>;
    let mut lines: Vec<(_, Open)> =
        vec![(PIPE, pipe::ends), (SOCKET, socket::ends), (MEMORY, memory::ends)];
    let no_queue = add_queue(&mut lines);

    let mut counted = Vec::new();
    let mut named = 0;
    run.trials(|trial| {
        for (size, trip, stream) in SIZES {
            let count = (volume / size).clamp(2, MOST);
            for &(line, open) in &lines {
                let failed = || format!("{line}, messages of {size} bytes");
                let ends = open(size).with_context(failed)?;
                named += usize::from(has_a_name());
                let (right, spent) = trial.time(line, || {
                    talk::with_a_child(
                        ends,
                        |them| {
                            talk::answer(them, size, rounds + 1)?;
                            talk::pour(them, size, count + 1)
                        },
                        |us| measure(us, size, rounds, count),
                    )
                });
                todo!()
            }
        }
        Ok(())
    })?;
    Ok(())
}
