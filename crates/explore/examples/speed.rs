//! How fast is the explorer? `cargo run --release -p explore --example speed`
//!
//! First every scenario; then three programs beside loom and shuttle, in the
//! same run. Each is explored for half a second, at least three times; the
//! tables give the median. Budgets: counter 2 × 3 in 0.1 s, five philosophers
//! in 3 s.
//!
//! The three do not do the same work. This explorer runs once for each meeting
//! with a known state and counts schedules as paths; loom skips orders that
//! cannot differ; shuttle goes through each order, of more steps than ours.

use std::hint::black_box;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use explore::{EXPERIMENTS, FIVE_PHILOSOPHERS};
use interleave::Scenario;

/// Where shuttle stops counting.
const MOST_RUNS: usize = 200_000;

fn main() {
    println!("{:<34}{:>8}{:>14}{:>10}{:>12}", "scenario", "states", "schedules", "ms", "states/s");
    let all = EXPERIMENTS.iter().flat_map(|experiment| experiment.scenarios);
    for scenario in all.chain([&FIVE_PHILOSOPHERS]) {
        measure(scenario);
    }
    println!("\n{:<24}{:<12}{:>14}{:>12}", "program", "by", "runs", "ms");
    // shuttle comes last, for its panic hook speaks up when loom cleans up.
    for (by, explore) in CHECKERS {
        let programs = match by {
            "loom" => looms::PROGRAMS,
            "shuttle" => shuttles::PROGRAMS,
            _ => ours::PROGRAMS,
        };
        for (name, program) in programs {
            let runs = Arc::new(AtomicU64::new(0));
            explore(program, runs.clone());
            let once = runs.load(Ordering::Relaxed);
            let time = median(|| explore(program, runs.clone()));
            let more = if once as usize >= MOST_RUNS { "+" } else { "" };
            println!(
                "{name:<24}{by:<12}{:>14}{:>12.2}",
                format!("{once}{more}"),
                milliseconds(time)
            );
        }
    }
}

/// Runs a program in every way, and counts the runs.
type Explore = fn(fn(), Arc<AtomicU64>);

const CHECKERS: [(&str, Explore); 3] = [
    ("interleave", |program, runs| {
        let run = || {
            runs.fetch_add(1, Ordering::Relaxed);
            program();
            String::new()
        };
        Scenario::of(String::new).explore_run(&[], &run).expect("an exploration");
    }),
    ("loom", |program, runs| {
        loom::model(move || {
            runs.fetch_add(1, Ordering::Relaxed);
            program();
        });
    }),
    ("shuttle", |program, runs| {
        let run = move || {
            runs.fetch_add(1, Ordering::Relaxed);
            program();
        };
        shuttle::check_dfs(run, Some(MOST_RUNS));
    }),
];

/// The median time of `run`.
fn median(mut run: impl FnMut()) -> Duration {
    let begun = Instant::now();
    let mut times = vec![];
    while times.len() < 3 || (begun.elapsed() < Duration::from_millis(500) && times.len() < 101) {
        let start = Instant::now();
        run();
        times.push(start.elapsed());
    }
    times.sort();
    times[times.len() / 2]
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

fn measure(scenario: &Scenario) {
    let graph = scenario.explore(&[]).expect("an exploration");
    let time = median(|| drop(black_box(scenario.explore(&[]))));
    let counts = graph.outcomes.iter().filter_map(|outcome| outcome.preemptive.schedules.as_ref());
    let schedules: u128 = counts.filter_map(|count| count.parse::<u128>().ok()).sum();
    let states = graph.states.len();
    let (ms, rate) = (milliseconds(time), states as f64 / time.as_secs_f64());
    println!("{:<34}{states:>8}{schedules:>14}{ms:>10.2}{rate:>12.0}", scenario.name);
}

/// The same two programs against each checker's primitives.
macro_rules! programs {
    ($module:ident, $checker:ident) => {
        mod $module {
            use $checker::sync::atomic::{AtomicU64, Ordering::SeqCst};
            use $checker::sync::{Arc, Mutex};
            use $checker::thread;

            pub const PROGRAMS: [(&str, fn()); 3] = [
                ("counter 2 × 2", counter::<2>),
                ("counter 2 × 3", counter::<3>),
                ("3 philosophers, ordered", dinner::<3>),
            ];

            /// Load, add, store, on two threads, so many times each.
            fn counter<const TIMES: usize>() {
                let counter = Arc::new(AtomicU64::new(0));
                let threads = [(); 2].map(|()| {
                    let counter = counter.clone();
                    thread::spawn(move || {
                        for _ in 0..TIMES {
                            let seen = counter.load(SeqCst);
                            counter.store(seen + 1, SeqCst);
                        }
                    })
                });
                threads.into_iter().for_each(|thread| thread.join().unwrap());
            }

            /// Philosophers who take the lower fork first.
            fn dinner<const SEATS: usize>() {
                let forks: Arc<Vec<Mutex<()>>> =
                    Arc::new((0..SEATS).map(|_| Mutex::new(())).collect());
                let threads = std::array::from_fn::<_, SEATS, _>(|seat| {
                    let forks = forks.clone();
                    thread::spawn(move || {
                        let next = (seat + 1) % SEATS;
                        let _lower = forks[seat.min(next)].lock().unwrap();
                        let _higher = forks[seat.max(next)].lock().unwrap();
                    })
                });
                threads.into_iter().for_each(|thread| thread.join().unwrap());
            }
        }
    };
}
programs!(ours, interleave);
programs!(looms, loom);
programs!(shuttles, shuttle);
