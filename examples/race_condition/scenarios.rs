//! Two threads, one counter: every way it can go.

mod counter;

use std::sync::Mutex;
use std::sync::atomic::AtomicU64;

use counter::{fetch_add, load_then_store, locked, race};
use interleave::{Scenario, Source, sources};

pub const SOURCES: &[Source] = sources!["counter.rs", "scenarios.rs"];

pub const SCENARIOS: &[Scenario] = &[
    Scenario {
        name: "load_then_store",
        title: "Load, add, store: two threads, twice each",
        goal: ("3", "lose one update, and end at 3"),
        good: &["4"],
        bad: &["3", "2"],
        ..Scenario::of(|| {
            let counter = AtomicU64::new(0);
            race(&counter, 2, 2, load_then_store);
            counter.into_inner().to_string()
        })
    },
    Scenario {
        name: "load_then_store_3",
        title: "Load, add, store: two threads, three times each",
        goal: ("2", "add six times and end at 2"),
        good: &["6"],
        bad: &["5", "4", "3", "2"],
        ..Scenario::of(|| {
            let counter = AtomicU64::new(0);
            race(&counter, 2, 3, load_then_store);
            counter.into_inner().to_string()
        })
    },
    Scenario {
        name: "fetch_add",
        title: "One indivisible step: two threads, twice each",
        goal: ("3", "lose an update, if you can"),
        good: &["4"],
        ..Scenario::of(|| {
            let counter = AtomicU64::new(0);
            race(&counter, 2, 2, fetch_add);
            counter.into_inner().to_string()
        })
    },
    Scenario {
        name: "locked",
        title: "Under a mutex: two threads, twice each",
        goal: ("3", "lose an update, if you can"),
        good: &["4"],
        ..Scenario::of(|| {
            let counter = Mutex::new(0);
            race(&counter, 2, 2, locked);
            counter.into_inner().unwrap().to_string()
        })
    },
];
