//! An answer's job and the check's, in turn, and the fastest of each.

use std::panic::catch_unwind;
use std::time::{Duration, Instant};

use interleave::panic_message;

use crate::check::{Hint, Race};
use crate::grade::Refusal;

/// The fastest of so many is what the machine can do, whatever else it does.
const ROUNDS: usize = 7;

/// On a machine that is never quiet for the length of a job, so many may show
/// that an answer is fast enough where the first few did not.
const MOST_ROUNDS: usize = 50;

/// Who takes so many times what is allowed need not be asked again.
const HOPELESS: f64 = 5.0;

pub(crate) fn run(race: &Race, code: &str) -> Result<String, Box<Refusal>> {
    let refuse = |outcome: &str, what: String| {
        let hint = Hint::find(race.hints, outcome, code).map(str::to_owned);
        let (case, outcome) = (race.name, outcome.to_owned());
        Err(Box::new(Refusal { case, outcome, what, hint, shown: None }))
    };
    // It warms up as well.
    match catch_unwind(race.right) {
        Ok(Ok(())) => {}
        Ok(Err(wrong)) => return refuse("wrong result", format!("The result is wrong: {wrong}.")),
        Err(payload) => {
            let panic = format!("panic: {}", panic_message(&*payload));
            return refuse(&panic, format!("It ends in “{panic}”."));
        }
    }
    let (mut ours, mut others) = (Duration::MAX, Duration::MAX);
    for round in 1..=MOST_ROUNDS {
        others = others.min(time(race.other));
        ours = ours.min(time(race.answer));
        let enough = round >= ROUNDS && ours <= others.mul_f64(race.most);
        // No further round could make up for that.
        let hopeless = round > 1 && ours > others.mul_f64(HOPELESS * race.most);
        if enough || hopeless {
            break;
        }
    }
    let share = ours.as_secs_f64() / others.as_secs_f64();
    let measured = format!(
        "{share:.1} times the processor time of {}; at most {:.1} times is asked (the fastest of each, in turn)",
        race.title, race.most
    );
    if share > race.most {
        return refuse("too slow", format!("It takes {measured}."));
    }
    if caller_share(race.answer).is_some_and(|share| share > race.most_by_caller) {
        return refuse("one thread", "The calling thread computes it all by itself.".into());
    }
    Ok(measured)
}

fn time(job: fn()) -> Duration {
    let (before, began) = (processor_time(), Instant::now());
    job();
    match (before, processor_time()) {
        (Some(before), Some(after)) => after - before,
        _ => began.elapsed(),
    }
}

/// The share of a job's processor time that the calling thread has.
fn caller_share(job: fn()) -> Option<f64> {
    let before = (thread_time()?, processor_time()?);
    job();
    let (ours, all) = (thread_time()? - before.0, processor_time()? - before.1);
    Some(ours.as_secs_f64() / all.as_secs_f64())
}

/// What all threads of this process have computed; `None` where the system has
/// no such clock, and the one on the wall has to do.
#[cfg(unix)]
fn processor_time() -> Option<Duration> {
    clock(nix::time::ClockId::CLOCK_PROCESS_CPUTIME_ID)
}

/// What the calling thread has computed.
#[cfg(unix)]
fn thread_time() -> Option<Duration> {
    clock(nix::time::ClockId::CLOCK_THREAD_CPUTIME_ID)
}

#[cfg(unix)]
fn clock(id: nix::time::ClockId) -> Option<Duration> {
    nix::time::clock_gettime(id).ok().map(Duration::from)
}

#[cfg(not(unix))]
fn processor_time() -> Option<Duration> {
    None
}

#[cfg(not(unix))]
fn thread_time() -> Option<Duration> {
    None
}
