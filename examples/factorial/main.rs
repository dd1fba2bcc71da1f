//! Do threads make CPU-bound work faster?
//!
//! ```text
//! cargo run --example factorial
//! cargo run --example factorial -- --number 200000 --twin
//! ```
//!
//! Look first at one factorial in two orders of multiplication, then at many
//! of them on one core and on all cores.
//! Chapter: `book/threads/factorial.md`.

mod workers;

use std::io;
use std::process::ExitCode;
use std::thread;

use factorial::{digits, in_order, product_tree, zeros};
use num_bigint::BigUint;
use taking_turns::quantity::Unit;
use taking_turns::{Bound, Claim, Experiment, Parameter, Quantity, Run, sources};

/// In the order of the definition, twice the number takes four times as long.
const NUMBER: Parameter =
    Parameter::count("number", 100_000, (1_000, 200_000), "The number whose factorial is computed")
        .quick(50_000);

/// Four take a tenth of a second; the moment that the scheduler needs to spread
/// new threads over the cores would be too large a part of that.
const JOBS: Parameter =
    Parameter::count("jobs", 8, (2, 64), "How often it is computed, one by one and at once");

/// Rounds in a trial, of which the fastest counts: whatever disturbs one of
/// several workers makes all wait for it, and nothing makes them faster.
const ROUNDS: usize = 3;

const IN_ORDER: &str = "in order";
const TREE: &str = "product tree";
const ONE_BY_ONE: &str = "one by one";
const THREADS: &str = "threads";
const PROCESSES: &str = "processes";
const RAYON: &str = "rayon";

const ONE: Quantity = Quantity::seconds("one factorial");
const ALL: Quantity = Quantity::seconds("all factorials");

const SAME: Claim = Claim::exact(
    "same-number",
    "Every result is the same number, as long and with as many zeros as arithmetic says.",
);
const ALGORITHM: Claim = Claim::robust(
    "algorithm",
    "On one core, a product tree is at least 5 times as fast as multiplying in order.",
);
const THREADS_GAIN: Claim = Claim::robust(
    "threads-gain",
    "On two cores or more, threads are at least 1.6 times as fast as one by one.",
);
const PROCESSES_GAIN: Claim = Claim::robust(
    "processes-gain",
    "Processes are at least 1.3 times as fast, starting them and sending results back included.",
);
const POOL_GAINS: Claim = Claim::robust(
    "rayon-gains",
    "A pool with a thread for each core is at least 1.6 times as fast.",
);

const EXPERIMENT: Experiment = Experiment {
    name: "factorial",
    question: "Do threads make CPU-bound work faster?",
    chapter: "threads/factorial",
    parameters: &[&NUMBER, &JOBS],
    variants: &[IN_ORDER, TREE, ONE_BY_ONE, THREADS, PROCESSES, RAYON],
    claims: &[&SAME, &ALGORITHM, &THREADS_GAIN, &PROCESSES_GAIN, &POOL_GAINS],
    trials: 3,
    quick_trials: 4,
    warm_up: false,
    sources: sources!["main.rs", "product.rs", "workers.rs"],
    twin: Some(include_str!("twin.py")),
};

fn main() -> ExitCode {
    match std::env::var(workers::NUMBER).map(|number| number.parse()) {
        Ok(Ok(number)) => match workers::child(number) {
            Ok(()) => ExitCode::SUCCESS,
            Err(_) => ExitCode::FAILURE,
        },
        _ => EXPERIMENT.main(run),
    }
}

fn run(run: &mut Run) -> anyhow::Result<()> {
    let number = run.count(&NUMBER) as u32;
    let jobs = run.count(&JOBS) as usize;
    let right = product_tree(number);

    let variants: [(_, _, &dyn Fn() -> io::Result<Vec<BigUint>>); 6] = [
        (IN_ORDER, ONE, &|| Ok(vec![in_order(number)])),
        (TREE, ONE, &|| Ok(vec![product_tree(number)])),
        (ONE_BY_ONE, ALL, &|| Ok(workers::one_by_one(jobs, number))),
        (THREADS, ALL, &|| Ok(workers::threads(jobs, number))),
        (PROCESSES, ALL, &|| workers::processes(jobs, number)),
        (RAYON, ALL, &|| Ok(workers::rayon(jobs, number))),
    ];
    let mut results = 0;
    let mut same = 0;
    let mut compare = |products: &[BigUint]| {
        results += products.len();
        same += products.iter().filter(|&product| *product == right).count();
    };
    run.trials(|trial| {
        let mut fastest = [f64::INFINITY; 6];
        for round in 0..ROUNDS {
            for (&(variant, quantity, work), fastest) in variants.iter().zip(&mut fastest) {
                if quantity == ALL || round == 0 {
                    let (products, spent) = trial.time(variant, work);
                    *fastest = fastest.min(spent.wall);
                    compare(&products?);
                }
            }
        }
        for (&(variant, quantity, _), fastest) in variants.iter().zip(fastest) {
            trial.record(quantity, variant, fastest);
        }
        Ok(())
    })?;
    run.bars(ONE);
    run.bars(ALL);

    let (length, end) = (digits(&right), zeros(&right, number));
    let holds =
        same == results && (length, end) == (expected_digits(number), expected_zeros(number));
    let [length, end] = [length as f64, end as f64].map(|count| Unit::Count.format(count));
    let evidence = format!("{length} digits, {end} zeros, {same} of {results} results");
    run.exact(&SAME, holds, evidence);

    let gains = run.ratios((ONE, IN_ORDER), (ONE, TREE));
    run.robust(&ALGORITHM, &gains, Bound::AtLeast(5.0));
    for (claim, variant, least) in [
        (&THREADS_GAIN, THREADS, 1.6),
        (&PROCESSES_GAIN, PROCESSES, 1.3),
        (&POOL_GAINS, RAYON, 1.6),
    ] {
        if thread::available_parallelism().is_ok_and(|cores| cores.get() > 1) {
            let gains = run.ratios((ALL, ONE_BY_ONE), (ALL, variant));
            run.robust(claim, &gains, Bound::AtLeast(least));
        } else {
            run.untestable(claim, "this program may use one core alone");
        }
    }
    Ok(())
}

/// A number has as many digits as its logarithm says, and the logarithm of a
/// product is a sum.
fn expected_digits(number: u32) -> u32 {
    (1..=number).map(|factor| f64::from(factor).log10()).sum::<f64>() as u32 + 1
}

/// Each zero is a 2 and a 5 among the prime factors, and 5 is the rarer one:
/// once in every fifth number, once more in every 25th, and so on.
fn expected_zeros(number: u32) -> usize {
    let powers = std::iter::successors(Some(5), |power: &u32| power.checked_mul(5));
    powers.map(|power| (number / power) as usize).sum()
}
