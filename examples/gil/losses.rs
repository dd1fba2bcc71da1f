//! Whether two threads that add to one counter lose updates.

use taking_turns::quantity::Unit;
use taking_turns::{Claim, Quantity, Run, Trial};

use crate::interpreter::assembler::assemble;
use crate::interpreter::threads::{Way, no_lock, one_lock, one_lock_3_9};
use crate::{Job, Timed, WALL};

pub const LOCK: &str = "counter, one lock";
pub const CALL: &str = "counter, a call";
pub const EVERYWHERE: &str = "counter, as in 3.9";
pub const FREE: &str = "counter, no lock";

const LOST: Quantity = Quantity::share("lost");

/// What the explorer found; `cargo explore gil` shows it.
const SCHEDULES: &str = include_str!("schedules.json");

pub const NONE_BETWEEN: Claim = Claim::possible(
    "no-switch-between",
    "If the lock is given up at calls and backward jumps alone, counter + 1 loses no update.",
);
pub const CALL_BETWEEN: Claim = Claim::possible(
    "call-between",
    "With a call between load and store, two threads that add twice each can end at 2, 3 or 4.",
);
pub const EVERY_INSTRUCTION: Claim = Claim::possible(
    "every-instruction",
    "If the lock is given up before any instruction, counter + 1 can lose an update.",
);
pub const NO_LOCK: Claim =
    Claim::possible("no-lock", "Without a lock, counter + 1 can end at 2, 3 or 4.");
pub const EXACT: Claim =
    Claim::exact("one-lock-exact", "With one lock, every trial of counter + 1 ends exactly.");
pub const SEEN: Claim = Claim::observed("losses-seen", "Trials that lost updates.");

/// Decides what no run can decide.
pub fn prove(run: &mut Run) -> anyhow::Result<()> {
    for (claim, scenario, outcomes) in [
        (&NONE_BETWEEN, "backward_jumps", &["4"][..]),
        (&CALL_BETWEEN, "call_between", &["2", "3", "4"]),
        (&EVERY_INSTRUCTION, "every_instruction", &["1", "2"]),
        (&NO_LOCK, "no_lock", &["2", "3", "4"]),
    ] {
        run.possible(claim, (SCHEDULES, scenario), |ways| ways.ends_in(outcomes))?;
    }
    Ok(())
}

pub fn jobs(times: i64) -> Vec<Job> {
    let job = |variant, program, way: Way| {
        let program = assemble(program).expect("our own programs are right");
        Job { variant, program, way, number: times, rounds: 1 }
    };
    let counter = include_str!("programs/counter.asm");
    let call = include_str!("programs/counter_call.asm");
    vec![
        job(LOCK, counter, one_lock),
        job(CALL, call, one_lock),
        job(EVERYWHERE, counter, one_lock_3_9),
        job(FREE, counter, no_lock),
    ]
}

pub fn record(trial: &mut Trial, job: &Job, (wall, end): &Timed) {
    trial.record(WALL, job.variant, *wall);
    let expected = (end.threads.len() as i64 * job.number) as f64;
    let lost = expected - end.globals[0] as f64;
    trial.record(LOST, job.variant, lost / expected);
}

pub fn decide(run: &mut Run) {
    run.every_trial(&EXACT, (LOST, LOCK), |lost| lost == 0.0);
    let seen = [(CALL, "with a call"), (EVERYWHERE, "as in 3.9"), (FREE, "without a lock")];
    let seen = seen.map(|(variant, name)| {
        let lost = run.samples(LOST, variant);
        let short = lost.iter().filter(|&&share| share > 0.0).count();
        format!("{name} {short} of {}", Unit::trials(lost.len()))
    });
    run.observed(&SEEN, seen.join(", "));
}
