//! How fast is the explorer? `cargo run --release -p explore --example speed`
//!
//! Each program is explored until a second has passed, at least three times;
//! the table gives the median. Budgets: counter 2 × 3 in 0.1 s, five
//! philosophers in 3 s.

use std::time::{Duration, Instant};

use explore::{EXPERIMENTS, FIVE_PHILOSOPHERS};
use interleave::Scenario;

fn main() {
    println!(
        "{:<34}{:>8}{:>14}{:>10}{:>12}",
        "program", "states", "schedules", "ms", "states/s"
    );
    let all = EXPERIMENTS
        .iter()
        .flat_map(|experiment| experiment.scenarios);
    for scenario in all.chain([&FIVE_PHILOSOPHERS]) {
        measure(scenario);
    }
}

fn measure(scenario: &Scenario) {
    let begun = Instant::now();
    let mut times = vec![];
    let mut graph = None;
    while times.len() < 3 || (begun.elapsed() < Duration::from_secs(1) && times.len() < 101) {
        let start = Instant::now();
        graph = Some(scenario.explore(&[]).expect("an exploration"));
        times.push(start.elapsed());
    }
    times.sort();
    let (median, graph) = (times[times.len() / 2], graph.expect("three at least"));
    let counts = graph
        .outcomes
        .iter()
        .filter_map(|outcome| outcome.preemptive.schedules.as_ref());
    let schedules: u128 = counts.filter_map(|count| count.parse::<u128>().ok()).sum();
    let (states, seconds) = (graph.states.len(), median.as_secs_f64());
    let (ms, rate) = (seconds * 1e3, states as f64 / seconds);
    println!(
        "{:<34}{states:>8}{schedules:>14}{ms:>10.2}{rate:>12.0}",
        scenario.name
    );
}
