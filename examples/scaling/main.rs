//! Why is twice the cores not twice the speed?
//!
//! ```text
//! cargo run --example scaling
//! cargo run --example scaling -- --threads 8 --twin
//! ```
//!
//! Look at the speed-up beside what the law allows, and at the counters: they
//! differ in where they lie in memory, and in nothing else.
//! Chapter: `book/threads/scaling.md`.

mod amdahl;
mod counters;

use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::thread;

use amdahl::{job, law, side_by_side, work};
use counters::{Neighbours, Padded, one_thread, two_threads};
use taking_turns::quantity::Unit;
use taking_turns::report::Scale;
use taking_turns::statistics::median;
use taking_turns::{Bound, Claim, Experiment, Parameter, Quantity, Run, sources};

const THREADS: Parameter =
    Parameter::count("threads", 2, (2, 64), "Threads that divide what can be divided");
/// Jobs of a hundredth of a second or more: what starting a thread takes is nothing
/// to them, and most fall between two moments at which others want the cores.
const NUMBERS: Parameter = Parameter::count(
    "numbers",
    40_000_000,
    (10_000_000, 2_000_000_000),
    "Numbers in the checksum, a nanosecond each",
)
.quick(10_000_000);
const TIMES: Parameter = Parameter::count(
    "times",
    10_000_000,
    (5_000_000, 1_000_000_000),
    "What each of two counters is to reach",
)
.quick(5_000_000);

/// Shares of the job that are for one thread alone, in percent.
const SERIAL: [u64; 6] = [0, 10, 25, 50, 75, 100];

/// Each job is done so often in a trial, in turn with the others, and the
/// fastest counts: whatever disturbs one of two threads makes the other wait.
const REPEATS: usize = 4;

const SEQUENTIAL: &str = "one thread";
const SIDE_BY_SIDE: &str = "side by side";
const MEASURED: &str = "measured";
const ALLOWED: &str = "Amdahl's law";

const ALONE: &str = "neighbours, 1 thread";
const PADDED: &str = "padded, 2 threads";
const FALSE_SHARING: &str = "neighbours, 2 threads";
const SHARED: &str = "one counter, 2 threads";

const WALL: Quantity = Quantity::seconds("wall time");
const WORTH: Quantity = Quantity::ratio("worth of the cores");
const SPEED_UP: Quantity = Quantity::ratio("speed-up");
const SERIAL_SHARE: Quantity = Quantity::share("serial share");
const COUNTING: Quantity = Quantity::seconds("counting time");

const SAME: Claim = Claim::exact("same-sum", "However it is divided, the checksum is the same.");
const AS_LAW: Claim = Claim::robust(
    "amdahl",
    "For every serial share, the speed-up is within 20 % of what Amdahl's law allows \
     for as many cores as were there.",
);
const COUNTS: Claim =
    Claim::exact("counts", "Every increment is counted, wherever the counters lie.");
const PADDING: Claim = Claim::robust(
    "padding",
    "Two threads count at least 1.5 times as fast if the counters do not share a cache line.",
);
const SLOWER: Claim = Claim::observed(
    "two-against-one",
    "One thread counting in both neighbours, against two threads with one each.",
);

const EXPERIMENT: Experiment = Experiment {
    name: "scaling",
    question: "Why is twice the cores not twice the speed?",
    chapter: "threads/scaling",
    parameters: &[&THREADS, &NUMBERS, &TIMES],
    variants: &[SEQUENTIAL, SIDE_BY_SIDE, MEASURED, ALLOWED, ALONE, PADDED, FALSE_SHARING, SHARED],
    claims: &[&SAME, &AS_LAW, &COUNTS, &PADDING, &SLOWER],
    trials: 5,
    quick_trials: 7,
    warm_up: true,
    sources: sources!["main.rs", "amdahl.rs", "counters.rs"],
    twin: Some(include_str!("twin.py")),
};

fn main() -> ExitCode {
    EXPERIMENT.main(run)
}

fn run(run: &mut Run) -> anyhow::Result<()> {
    let threads = run.count(&THREADS);
    let numbers = run.count(&NUMBERS);
    let times = run.count(&TIMES);
    let shares = SERIAL.map(|percent| percent as f64 / 100.0);

    let (mut sums, mut counts) = (Vec::new(), Vec::new());
    run.trials(|trial| {
        let (mut alone, mut together) = (f64::INFINITY, f64::INFINITY);
        let mut fastest = [f64::INFINITY; SERIAL.len()];
        for _ in 0..REPEATS {
            let (expected, spent) = trial.time(SEQUENTIAL, || work(0..numbers));
            alone = alone.min(spent.wall);
            let (sum, spent) = trial.time(SIDE_BY_SIDE, || side_by_side(numbers, threads));
            sums.push(sum == expected.wrapping_mul(threads));
            together = together.min(spent.wall);
            for (percent, fastest) in SERIAL.iter().zip(&mut fastest) {
                let serial = numbers / 100 * percent;
                let (sum, spent) = trial.time(MEASURED, || job(numbers, serial, threads));
                sums.push(sum == expected);
                *fastest = fastest.min(spent.wall);
            }
        }
        trial.record(WALL, SEQUENTIAL, alone);
        // A core of a shared machine is often less than a whole one.
        let worth = threads as f64 * alone / together;
        trial.record(WORTH, SIDE_BY_SIDE, worth);
        for (share, fastest) in shares.into_iter().zip(fastest) {
            trial.record_at(SPEED_UP, MEASURED, share, alone / fastest);
            trial.record_at(SPEED_UP, ALLOWED, share, law(share, worth));
        }

        type Count = fn(&AtomicU64, &AtomicU64, u64);
        let Neighbours([left, right]) = &Neighbours::default();
        let (Padded(ours), Padded(theirs)) = (&Padded::default(), &Padded::default());
        let one = &AtomicU64::new(0);
        for (variant, count, ours, theirs) in [
            (ALONE, one_thread as Count, left, right),
            (PADDED, two_threads, ours, theirs),
            (FALSE_SHARING, two_threads, left, right),
            (SHARED, two_threads, one, one),
        ] {
            let before = ours.load(Relaxed);
            let (_, spent) = trial.time(variant, || count(ours, theirs, times));
            let counters = if variant == SHARED { 1 } else { 2 };
            counts.push((ours.load(Relaxed) - before) * counters == times * 2);
            trial.record(COUNTING, variant, spent.wall);
        }
        Ok(())
    })?;

    run.lines(SPEED_UP, SERIAL_SHARE, (Scale::Linear, Scale::Linear));

    let right = |all: &[bool]| all.iter().filter(|&&right| right).count();
    run.exact(
        &SAME,
        sums.iter().all(|&right| right),
        format!("{} of {}", right(&sums), sums.len()),
    );
    let evidence = format!("{} of {}", right(&counts), counts.len());
    run.exact(&COUNTS, counts.iter().all(|&right| right), evidence);

    // The serial share for which the two are furthest apart decides.
    let against = |share| run.ratios_at((SPEED_UP, MEASURED, share), (SPEED_UP, ALLOWED, share));
    let worst = shares.map(against).into_iter().max_by(|one, other| {
        let apart = |ratios: &[f64]| ratios.first().map_or(0.0, |_| median(ratios).ln().abs());
        apart(one).total_cmp(&apart(other))
    });
    run.robust(&AS_LAW, &worst.unwrap_or_default(), Bound::Within(0.8, 1.2));

    if thread::available_parallelism().is_ok_and(|cores| cores.get() > 1) {
        let gains = run.ratios((COUNTING, FALSE_SHARING), (COUNTING, PADDED));
        run.robust(&PADDING, &gains, Bound::AtLeast(1.5));
    } else {
        run.untestable(&PADDING, "this program may use one core alone");
    }
    let median_of = |variant| median(&run.samples(COUNTING, variant));
    let [alone, two] =
        [ALONE, FALSE_SHARING].map(|variant| Unit::Seconds.format(median_of(variant)));
    run.observed(&SLOWER, format!("{alone} against {two}"));
    Ok(())
}
