//! What does a CPU-bound job look like from outside?
//!
//! ```text
//! cargo run --example cpu_bound
//! cargo run --example cpu_bound -- --limit 1000000 --twin
//! ```
//!
//! Look at the processor time beside the wall time, and at how often the job
//! gave the processor up of its own will. Chapter: `book/one_thing/cpu_bound.md`.

mod primes;

use std::process::ExitCode;

use taking_turns::quantity::Unit;
use taking_turns::{Bound, Claim, Experiment, Parameter, Quantity, Run, sources};

const LIMIT: Parameter =
    Parameter::count("limit", 100_000, (2, 10_000_000), "Count the primes up to this number");

const DIVISION: &str = "trial division";
const SIEVE: &str = "sieve";

const PRIMES: Quantity = Quantity::count("primes");
const WALL: Quantity = Quantity::seconds("wall time");
const CPU: Quantity = Quantity::seconds("CPU time");
const WAITED: Quantity = Quantity::count("voluntary switches");
const PREEMPTED: Quantity = Quantity::count("involuntary switches");

const RIGHT: Claim =
    Claim::exact("right-count", "Trial division finds as many primes as a sieve does.");
const BUSY: Claim = Claim::robust(
    "mostly-cpu",
    "Trial division is on a processor for at least 0.8 of the time that it takes.",
);
const SELDOM_WAITS: Claim =
    Claim::observed("seldom-waits", "It hardly ever gives the processor up by itself.");

const EXPERIMENT: Experiment = Experiment {
    name: "cpu_bound",
    question: "What does a CPU-bound job look like from outside?",
    chapter: "one_thing/cpu_bound",
    parameters: &[&LIMIT],
    variants: &[DIVISION, SIEVE],
    claims: &[&RIGHT, &BUSY, &SELDOM_WAITS],
    trials: 50,
    quick_trials: 20,
    warm_up: true,
    sources: sources!["main.rs", "primes.rs"],
    twin: Some(include_str!("twin.py")),
};

fn main() -> ExitCode {
    EXPERIMENT.main(run)
}

fn run(run: &mut Run) -> anyhow::Result<()> {
    let limit = run.count(&LIMIT);
    type Count = fn(u64) -> usize;
    let variants: [(_, Count); 2] =
        [(DIVISION, primes::by_trial_division), (SIEVE, primes::by_sieve)];

    run.trials(|trial| {
        for (variant, count) in variants {
            let (primes, spent) = trial.time(variant, || count(limit));
            trial.record(PRIMES, variant, primes as f64);
            trial.record(WALL, variant, spent.wall);
            if let Some(usage) = spent.usage {
                trial.record(CPU, variant, usage.cpu);
                trial.record(WAITED, variant, usage.voluntary_switches);
                trial.record(PREEMPTED, variant, usage.involuntary_switches);
            }
        }
        Ok(())
    })?;
    run.bars(WALL);

    let (divided, sieved) = (run.samples(PRIMES, DIVISION), run.samples(PRIMES, SIEVE));
    run.exact(&RIGHT, divided == sieved, {
        let [primes, limit] = [divided[0], limit as f64].map(|n| Unit::Count.format(n));
        format!("{primes} primes up to {limit}")
    });

    let waits = run.samples(WAITED, DIVISION);
    if waits.is_empty() {
        let reason = "this system does not tell a process its processor time";
        run.untestable(&BUSY, reason);
        run.untestable(&SELDOM_WAITS, reason);
    } else {
        let ratios = run.ratios((CPU, DIVISION), (WALL, DIVISION));
        run.robust(&BUSY, &ratios, Bound::AtLeast(0.8));
        let waited = waits.iter().sum::<f64>();
        let evidence = format!("{waited} voluntary switches in {}", Unit::trials(waits.len()));
        run.observed(&SELDOM_WAITS, evidence);
    }
    Ok(())
}
