//! The same two tasks, left only where they await, and left anywhere.

mod counter;

use std::sync::atomic::AtomicU64;

use counter::both;
use interleave::{Reading, Scenario, Source, sources};
use tokio::block_on;

pub const SOURCES: &[Source] = sources!["counter.rs", "scenarios.rs"];

pub const SCENARIOS: &[Scenario] = &[Scenario {
    name: "tasks",
    title: "Two tasks count to two, and await after each step",
    goal: ("3", "lose an update"),
    good: &["4"],
    bad: &["3", "2"],
    worker: "task",
    reading: Reading::Cooperative,
    ..Scenario::of(|| {
        let counter = AtomicU64::new(0);
        block_on(both(&counter, 2, 1));
        counter.into_inner().to_string()
    })
}];
