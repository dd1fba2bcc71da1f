//! What a second thread gains: two that compute, four that wait; and what the
//! lock costs where there is nobody to share it with.

use std::thread;

use taking_turns::quantity::Unit;
use taking_turns::{Bound, Claim, Quantity, Run, Trial};

use crate::interpreter::assembler::assemble;
use crate::interpreter::threads::{Way, no_lock, one_by_one, one_lock, own_locks};
use crate::{Job, Timed, WALL};

pub const PRIMES_IN_ROW: &str = "primes, one by one";
pub const PRIMES_LOCK: &str = "primes, one lock";
pub const PRIMES_FREE: &str = "primes, no lock";
pub const PRIMES_OWN: &str = "primes, own locks";
pub const SLEEP_IN_ROW: &str = "sleep, one by one";
pub const SLEEP_LOCK: &str = "sleep, one lock";
/// One thread that counts down, for the speed of the interpreter.
pub const LOOP_LOCK: &str = "loop, one lock";
pub const LOOP_FREE: &str = "loop, no lock";

const PRIMES: Quantity = Quantity::count("primes");

pub const SAME: Claim =
    Claim::exact("same-answers", "However they are run, all threads count the same primes.");
pub const LOCK_GAINS_NOTHING: Claim = Claim::robust(
    "lock-gains-nothing",
    "With one lock, two threads that compute are at most 1.1 times as fast as one by one.",
);
pub const NO_LOCK_GAINS: Claim = Claim::robust(
    "no-lock-gains",
    "Without it, on two cores or more, they are at least 1.6 times as fast.",
);
pub const OWN_LOCKS_GAIN: Claim = Claim::robust(
    "own-locks-gain",
    "With an interpreter and a lock for each thread they are so too.",
);
pub const WAITING_GAINS: Claim = Claim::robust(
    "waiting-gains",
    "With one lock, four threads that wait are at least 3 times as fast as one by one.",
);

/// How long each waiting thread waits, in milliseconds.
const NAP: i64 = 20;

/// Of so many rounds the fastest counts.
pub const ROUNDS: usize = 3;

pub fn jobs(limit: i64, times: i64) -> Vec<Job> {
    let primes = include_str!("programs/primes.asm");
    let sleep = include_str!("programs/sleep.asm");
    let counting_loop = include_str!("programs/loop.asm");
    let job = |variant, text: &str, way: Way, number| {
        let program = assemble(text).expect("our own programs are right");
        let rounds = if text == sleep { 1 } else { ROUNDS };
        Job { variant, program, way, number, rounds }
    };
    vec![
        job(PRIMES_IN_ROW, primes, one_by_one, limit),
        job(PRIMES_LOCK, primes, one_lock, limit),
        job(PRIMES_FREE, primes, no_lock, limit),
        job(PRIMES_OWN, primes, own_locks, limit),
        job(SLEEP_IN_ROW, sleep, one_by_one, NAP),
        job(SLEEP_LOCK, sleep, one_lock, NAP),
        job(LOOP_LOCK, counting_loop, one_lock, times),
        job(LOOP_FREE, counting_loop, no_lock, times),
    ]
}

pub fn record(trial: &mut Trial, job: &Job, (wall, end): &Timed) {
    trial.record(WALL, job.variant, *wall);
    if [PRIMES_IN_ROW, PRIMES_LOCK, PRIMES_FREE, PRIMES_OWN].contains(&job.variant) {
        let found = end.threads.iter().map(|thread| thread.result as f64);
        trial.record(PRIMES, job.variant, found.sum::<f64>() / end.threads.len() as f64);
    }
}

pub fn decide(run: &mut Run) {
    let variants = [PRIMES_IN_ROW, PRIMES_LOCK, PRIMES_FREE, PRIMES_OWN];
    let found: Vec<f64> = variants.iter().flat_map(|v| run.samples(PRIMES, v)).collect();
    let same = found.iter().filter(|&&primes| primes == found[0]).count();
    let evidence =
        format!("{} primes, {same} of {} times", Unit::Count.format(found[0]), found.len());
    run.exact(&SAME, same == found.len(), evidence);

    let gains = run.ratios((WALL, PRIMES_IN_ROW), (WALL, PRIMES_LOCK));
    run.robust(&LOCK_GAINS_NOTHING, &gains, Bound::AtMost(1.1));
    for (claim, variant) in [(&NO_LOCK_GAINS, PRIMES_FREE), (&OWN_LOCKS_GAIN, PRIMES_OWN)] {
        if thread::available_parallelism().is_ok_and(|cores| cores.get() > 1) {
            let gains = run.ratios((WALL, PRIMES_IN_ROW), (WALL, variant));
            run.robust(claim, &gains, Bound::AtLeast(1.6));
        } else {
            run.untestable(claim, "this program may use one core alone");
        }
    }
    let gains = run.ratios((WALL, SLEEP_IN_ROW), (WALL, SLEEP_LOCK));
    run.robust(&WAITING_GAINS, &gains, Bound::AtLeast(3.0));
}
