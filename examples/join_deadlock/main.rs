//! Why can waiting for a child hang for ever?
//!
//! ```text
//! cargo run --example join_deadlock
//! cargo run --example join_deadlock -- --pipe 1048576 --twin
//! ```
//!
//! Look at what was sent, and at which variants hung: it takes one byte more
//! than the pipe holds. A watchdog ends the hang by reading. Chapter:
//! `book/processes/join_deadlock.md`.

mod pipe;
mod story;
mod watchdog;

use std::env;
use std::process::ExitCode;
use std::time::Duration;

use pipe::{Order, read_then_wait, wait_then_read};
use story::{Story, attempt};
use taking_turns::{Claim, Experiment, Parameter, Quantity, Run, sources};

const PIPE: Parameter =
    Parameter::count("pipe", 65_536, (4_096, 1_048_576), "Room in the pipe, as a power of two")
        .unit("B");
const PATIENCE: Parameter =
    Parameter::count("patience", 200, (1, 10_000), "How long the watchdog looks on")
        .unit("ms")
        .quick(20);

const WAIT_FULL: &str = "wait, full pipe";
const WAIT_MORE: &str = "wait, one more";
const READ_MORE: &str = "read, one more";
const READ_MUCH: &str = "read, 100 pipes";

// Counts, for it is the last byte that matters.
const SENT: Quantity = Quantity::count("bytes sent");
const ARRIVED: Quantity = Quantity::count("bytes arrived");
const HUNG: Quantity = Quantity::count("hung");
const WALL: Quantity = Quantity::seconds("wall time");

const FITS: Claim = Claim::exact(
    "fits",
    "Waiting first, a child ends whose output fills the pipe to the last byte.",
);
const HANGS: Claim = Claim::exact(
    "one-more-hangs",
    "Waiting first, with one byte more, parent and child each wait for the other.",
);
const RELEASED: Claim = Claim::exact(
    "reading-releases",
    "Once the watchdog reads, the child ends well and every byte has arrived.",
);
const DRAINS: Claim =
    Claim::exact("read-first-ends", "Reading first, the child ends and every byte has arrived.");

const EXPERIMENT: Experiment = Experiment {
    name: "join_deadlock",
    question: "Why can waiting for a child hang for ever?",
    chapter: "processes/join_deadlock",
    parameters: &[&PIPE, &PATIENCE],
    variants: &[WAIT_FULL, WAIT_MORE, READ_MORE, READ_MUCH],
    claims: &[&FITS, &HANGS, &RELEASED, &DRAINS],
    trials: 10,
    quick_trials: 3,
    warm_up: false,
    sources: sources!["main.rs", "pipe.rs", "story.rs", "watchdog.rs"],
    twin: Some(include_str!("twin.py")),
};

fn main() -> ExitCode {
    // The child is this program once more.
    match env::var(pipe::BYTES).map(|bytes| bytes.parse()) {
        Ok(Ok(bytes)) => pipe::child(bytes).map_or(ExitCode::FAILURE, |()| ExitCode::SUCCESS),
        _ => EXPERIMENT.main(run),
    }
}

fn run(run: &mut Run) -> anyhow::Result<()> {
    let room = run.count(&PIPE) as usize;
    let patience = Duration::from_millis(run.count(&PATIENCE));

    type Variant = (&'static str, Order, fn(usize) -> usize);
    let variants: [Variant; 4] = [
        (WAIT_FULL, wait_then_read, |capacity| capacity),
        (WAIT_MORE, wait_then_read, |capacity| capacity + 1),
        (READ_MORE, read_then_wait, |capacity| capacity + 1),
        (READ_MUCH, read_then_wait, |capacity| capacity * 100),
    ];
    // Who waits first must know how much a pipe holds, and have a watchdog.
    let variants = if cfg!(target_os = "linux") { &variants[..] } else { &variants[2..] };

    let mut stories = Vec::new();
    run.trials(|trial| {
        for &(variant, order, size) in variants {
            let (story, spent) = trial.time(variant, || attempt(order, room, size, patience));
            let story = story?;
            trial.record(SENT, variant, story.sent as f64);
            trial.record(ARRIVED, variant, story.arrived as f64);
            trial.record(HUNG, variant, story.deadlock.is_some().into());
            trial.record(WALL, variant, spent.wall);
            stories.push((variant, story));
        }
        Ok(())
    })?;
    let last = &stories[stories.len() - variants.len()..];
    run.lanes(last.iter().flat_map(|(variant, story)| story.lanes(variant)));

    let mut decide = |claim, variants: &[&str], holds: fn(&Story) -> bool| {
        let about = stories.iter().filter(|(variant, _)| variants.contains(variant));
        let verdicts: Vec<bool> = about.map(|(_, story)| holds(story)).collect();
        let kept = verdicts.iter().filter(|&&holds| holds).count();
        match verdicts.len() {
            0 => run.untestable(claim, "this system does not tell how much a pipe holds"),
            all => run.exact(claim, kept == all, format!("{kept} of {all} children")),
        }
    };
    let ended: fn(&Story) -> bool = |story| story.deadlock.is_none() && story.whole();
    decide(&FITS, &[WAIT_FULL], ended);
    decide(&HANGS, &[WAIT_MORE], |story| {
        story.deadlock.as_ref().is_some_and(|deadlock| deadlock.in_pipe + 1 == story.sent)
    });
    decide(&RELEASED, &[WAIT_MORE], Story::whole);
    decide(&DRAINS, &[READ_MORE, READ_MUCH], ended);
    Ok(())
}
