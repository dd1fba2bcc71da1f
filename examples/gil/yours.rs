//! A program of the reader's, run in every way.

use std::time::Duration;

use anyhow::Context;
use taking_turns::{Misuse, Run};

use crate::interpreter::assembler::assemble;
use crate::interpreter::threads::{Way, no_lock, one_by_one, one_lock, own_locks};
use crate::{Job, WALL, gains, lanes, losses};

pub const IN_ROW: &str = "yours, one by one";
pub const LOCK: &str = "yours, one lock";
pub const FREE: &str = "yours, no lock";
pub const OWN: &str = "yours, own locks";

const WAYS: [(&str, Way); 4] =
    [(IN_ROW, one_by_one), (LOCK, one_lock), (FREE, no_lock), (OWN, own_locks)];

pub fn run(run: &mut Run, file: &str, number: i64, interval: Duration) -> anyhow::Result<()> {
    let wrong = |cause: String| Misuse(format!("cannot run `{file}`: {cause}"));
    let text = std::fs::read_to_string(file).map_err(|error| wrong(error.to_string()))?;
    let program = assemble(&text).map_err(|mistake| wrong(mistake.to_string()))?;
    let jobs = WAYS.map(|(variant, way)| Job {
        variant,
        program: program.clone(),
        way,
        number,
        rounds: 1,
    });

    let mut ends = Vec::new();
    run.trials(|trial| {
        ends.clear();
        for job in &jobs {
            let timed = job.run(trial, interval).with_context(|| format!("cannot run `{file}`"))?;
            let (wall, end) = timed;
            trial.record(WALL, job.variant, wall);
            ends.push((job.variant, end));
        }
        Ok(())
    })?;
    for (variant, end) in &ends {
        run.lanes(lanes(variant, end));
        let results: Vec<i64> = end.threads.iter().map(|thread| thread.result).collect();
        run.say(&format!("{variant:<18} results {results:?}"))?;
        let own = end.globals.chunks(program.globals.len().max(1));
        for (number, values) in (1..).zip(own) {
            let pairs = program.globals.iter().zip(values);
            let pairs: Vec<_> = pairs.map(|(name, value)| format!("{name} = {value}")).collect();
            let whose = if *variant == OWN { format!("thread {number}: ") } else { String::new() };
            run.say(&format!("{:18} {whose}{}", "", pairs.join(", ")))?;
        }
    }
    run.say("")?;
    for claim in [
        &gains::SAME,
        &gains::LOCK_GAINS_NOTHING,
        &gains::NO_LOCK_GAINS,
        &gains::OWN_LOCKS_GAIN,
        &gains::WAITING_GAINS,
        &losses::EXACT,
    ] {
        run.untestable(claim, "your program was run instead");
    }
    run.observed(&losses::SEEN, "your program was run instead");
    Ok(())
}
