//! The three programs, with the queue as it was and as it was mended.

mod mended;
mod plain;
mod programs;
mod queue;

use interleave::{Memory, Scenario, Source, sources};
use programs::{AS_IT_WAS, MENDED};

pub const SOURCES: &[Source] =
    sources!["queue.rs", "mended.rs", "plain.rs", "programs.rs", "scenarios.rs"];

pub const SCENARIOS: &[Scenario] = &[
    Scenario {
        name: "two_consumers",
        title: "One item, and two who want it",
        goal: ("taken twice", "give the item to both"),
        good: &["nothing wrong"],
        bad: &["taken twice"],
        ..Scenario::of(|| AS_IT_WAS[0]().into())
    },
    Scenario {
        name: "two_consumers_mended",
        title: "One item, two who want it, and an exchange",
        goal: ("taken twice", "give the item to both, if you can"),
        good: &["nothing wrong"],
        memory: Memory::Weak,
        ..Scenario::of(|| MENDED[0]().into())
    },
    Scenario {
        name: "producer_and_consumer",
        title: "One pushes 42, one pops what is there",
        goal: ("not what was pushed", "pop something that nobody pushed"),
        good: &["nothing wrong"],
        bad: &["not what was pushed"],
        memory: Memory::Weak,
        ..Scenario::of(|| AS_IT_WAS[1]().into())
    },
    Scenario {
        name: "producer_and_consumer_newest",
        title: "The same, if a load always returned the newest value",
        goal: ("not what was pushed", "pop something that nobody pushed, if you can"),
        good: &["nothing wrong"],
        ..Scenario::of(|| AS_IT_WAS[1]().into())
    },
    Scenario {
        name: "producer_and_consumer_mended",
        title: "One pushes 42 and releases, one pops what is there",
        goal: ("not what was pushed", "pop something that nobody pushed, if you can"),
        good: &["nothing wrong"],
        memory: Memory::Weak,
        ..Scenario::of(|| MENDED[1]().into())
    },
    Scenario {
        name: "producer_and_monitor",
        title: "One pushes, one reads a statistic in plain memory",
        goal: ("a data race", "see the data race, if you can"),
        good: &["nothing wrong"],
        memory: Memory::Weak,
        ..Scenario::of(|| AS_IT_WAS[2]().into())
    },
];
