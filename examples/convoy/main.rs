//! Why does one busy thread slow down everyone's I/O?
//!
//! ```text
//! cargo run --example convoy
//! cargo run --example convoy -- --time 500 --twin
//! ```
//!
//! Look at the lines: how long a round trip takes on average when the switch
//! interval grows. Then look at the medians and at the histograms, which tell
//! what an average hides. Chapter: `book/gil/convoy.md`.

mod ask;
/// The lock of our interpreter, the very file.
#[path = "../gil/interpreter/gil.rs"]
mod gil;

use std::net::UdpSocket;
use std::process::ExitCode;
use std::thread;
use std::time::Duration;

use anyhow::Context;
use ask::{answer, beside, far, near};
use gil::Gil;
use taking_turns::quantity::Unit;
use taking_turns::report::Scale;
use taking_turns::statistics::{median, range};
use taking_turns::{Bound, Claim, Experiment, Parameter, Quantity, Run, sources};

const TIME: Parameter =
    Parameter::count("time", 120, (50, 10_000), "How long is asked at each switch interval")
        .unit("ms")
        .quick(60);

/// Switch intervals in seconds. Python's is 5 ms unless told otherwise.
const INTERVALS: [f64; 5] = [0.001, 0.002, USUAL, 0.010, 0.020];
const USUAL: f64 = 0.005;

const FAR_LOCK: &str = "far, one lock";
const FAR_FREE: &str = "far, no lock";
const NEAR_LOCK: &str = "near, one lock";
const NEAR_FREE: &str = "near, no lock";

const EACH: Quantity = Quantity::seconds("round trip");
const NINETY_NINE: Quantity = Quantity::seconds("slowest 1 %");
const SLOWEST: Quantity = Quantity::seconds("slowest round trip");
const MEAN: Quantity = Quantity::seconds("mean round trip");
const INTERVAL: Quantity = Quantity::seconds("switch interval");

const FAR_GROWS: Claim = Claim::robust(
    "far-grows",
    "With one lock, the mean wait for a far answer is at least twice as long at 20 ms as at 5 ms.",
);
const FAR_FREE_IS_SHORT: Claim = Claim::robust(
    "far-no-lock",
    "Without it, that wait is at most a fifth of what it is with the lock at 5 ms.",
);
const FAR_FREE_STAYS: Claim = Claim::robust(
    "far-no-lock-stays",
    "Without it, that wait is at most 1.5 times as long when measured again for 20 ms.",
);
const NEAR_SLOWEST: Claim = Claim::robust(
    "near-slowest",
    "With one lock, the slowest near answer takes at least twice as long at 20 ms as at 2 ms.",
);
const TAIL: Claim =
    Claim::observed("near-median", "What near answers take at 5 ms, with the lock and without it.");

const EXPERIMENT: Experiment = Experiment {
    name: "convoy",
    question: "Why does one busy thread slow down everyone's I/O?",
    chapter: "gil/convoy",
    parameters: &[&TIME],
    variants: &[FAR_LOCK, FAR_FREE, NEAR_LOCK, NEAR_FREE],
    claims: &[&FAR_GROWS, &FAR_FREE_IS_SHORT, &FAR_FREE_STAYS, &NEAR_SLOWEST, &TAIL],
    trials: 5,
    quick_trials: 2,
    warm_up: false,
    sources: sources!["main.rs", "ask.rs", "../gil/interpreter/gil.rs"],
    twin: Some(include_str!("twin.py")),
};

/// Round trips of each trial that are kept one by one.
const KEPT: usize = 20;

fn main() -> ExitCode {
    EXPERIMENT.main(run)
}

fn run(run: &mut Run) -> anyhow::Result<()> {
    let time = Duration::from_millis(run.count(&TIME));
    let near = near().context("cannot open a socket on 127.0.0.1")?;
    let (far, server) = far().context("cannot open a socket on 127.0.0.1")?;

    let variants: [(_, &UdpSocket, bool); 4] = [
        (FAR_LOCK, &far, true),
        (FAR_FREE, &far, false),
        (NEAR_LOCK, &near, true),
        (NEAR_FREE, &near, false),
    ];
    thread::scope(|scope| {
        scope.spawn(|| answer(&server));
        let measured = run.trials(|trial| {
            for interval in INTERVALS {
                for (variant, socket, locked) in variants {
                    let gil = locked.then(|| Gil::new(Duration::from_secs_f64(interval)));
                    // Without the lock there is enough in a third of the time.
                    let time = if locked { time } else { time / 3 };
                    let (round_trips, _) =
                        trial.time(variant, || beside(gil.as_ref(), socket, time));
                    let round_trips = seconds(round_trips.context("cannot ask")?);
                    trial.record_at(MEAN, variant, interval, mean(&round_trips));
                    trial.record_at(SLOWEST, variant, interval, range(&round_trips).1);
                    if interval == USUAL {
                        let every = round_trips.len().div_ceil(KEPT);
                        for &one in round_trips.iter().step_by(every) {
                            trial.record(EACH, variant, one);
                        }
                        trial.record(NINETY_NINE, variant, quantile(round_trips, 0.99));
                    }
                }
            }
            Ok(())
        });
        // The server ends when nothing comes.
        far.send(&[]).context("cannot end the server")?;
        measured
    })?;
    run.lines(MEAN, INTERVAL, (Scale::Logarithmic, Scale::Logarithmic));
    run.lines(SLOWEST, INTERVAL, (Scale::Logarithmic, Scale::Logarithmic));
    run.histogram(EACH, FAR_LOCK);
    run.histogram(EACH, NEAR_LOCK);

    for (claim, quantity, over, under, bound) in [
        (&FAR_GROWS, MEAN, (FAR_LOCK, 0.020), (FAR_LOCK, USUAL), Bound::AtLeast(2.0)),
        (&FAR_FREE_IS_SHORT, MEAN, (FAR_FREE, USUAL), (FAR_LOCK, USUAL), Bound::AtMost(0.2)),
        (&FAR_FREE_STAYS, MEAN, (FAR_FREE, 0.020), (FAR_FREE, USUAL), Bound::AtMost(1.5)),
        (&NEAR_SLOWEST, SLOWEST, (NEAR_LOCK, 0.020), (NEAR_LOCK, 0.002), Bound::AtLeast(2.0)),
    ] {
        let ratios = run.ratios_at((quantity, over.0, over.1), (quantity, under.0, under.1));
        run.robust(claim, &ratios, bound);
    }
    let seen = [NEAR_LOCK, NEAR_FREE].map(|variant| {
        let each = Unit::Seconds.format(median(&run.samples(EACH, variant)));
        let slowest = Unit::Seconds.format(median(&run.samples(NINETY_NINE, variant)));
        format!("{variant}: median {each}, slowest 1 % {slowest}")
    });
    run.observed(&TAIL, seen.join("; "));
    Ok(())
}

fn seconds(round_trips: Vec<Duration>) -> Vec<f64> {
    round_trips.iter().map(Duration::as_secs_f64).collect()
}

fn mean(samples: &[f64]) -> f64 {
    samples.iter().sum::<f64>() / samples.len() as f64
}

/// The sample that so large a share of all do not exceed.
fn quantile(mut samples: Vec<f64>, share: f64) -> f64 {
    samples.sort_by(f64::total_cmp);
    samples[((samples.len() - 1) as f64 * share).round() as usize]
}
