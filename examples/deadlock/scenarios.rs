//! Everybody waits, or nobody can: two locks in two orders and in one, and
//! philosophers who take the left fork first, and three ways to mend that.

mod philosophers;
mod transfer;

use std::sync::Mutex;

use interleave::{Scenario, Source, sources};
use transfer::cross;

pub const SOURCES: &[Source] = sources!["transfer.rs", "philosophers.rs", "scenarios.rs"];

pub const SCENARIOS: &[Scenario] = &[
    Scenario {
        name: "two_orders",
        title: "Two transfers in opposite directions, each locking its source first",
        goal: ("deadlock", "let both wait for ever"),
        good: &["90, 110"],
        bad: &["deadlock"],
        ..Scenario::of(|| transfers(transfer::source_first))
    },
    Scenario {
        name: "one_order",
        title: "Two transfers in opposite directions, both locking the lower account first",
        goal: ("deadlock", "let both wait for ever, if you can"),
        good: &["90, 110"],
        ..Scenario::of(|| transfers(transfer::lower_first))
    },
    Scenario {
        name: "philosophers",
        title: "Four philosophers take the left fork first",
        goal: ("deadlock", "let them all starve"),
        good: &["all ate"],
        bad: &["deadlock"],
        worker: "philosopher",
        ..Scenario::of(|| dinner(4, philosophers::left_first))
    },
    Scenario {
        name: "philosophers_in_order",
        title: "Four philosophers take the lower fork first",
        goal: ("deadlock", "let them all starve, if you can"),
        good: &["all ate"],
        worker: "philosopher",
        ..Scenario::of(|| dinner(4, philosophers::lower_first))
    },
    Scenario {
        name: "philosophers_and_waiter",
        title: "Four philosophers ask the waiter first",
        goal: ("deadlock", "let them all starve, if you can"),
        good: &["all ate"],
        worker: "philosopher",
        ..Scenario::of(|| {
            let waiter = Mutex::new(());
            dinner(4, |forks, seat| philosophers::ask_first(forks, &waiter, seat))
        })
    },
    Scenario {
        name: "philosophers_give_back",
        title: "Three philosophers put the left fork back if the right one is taken",
        goal: ("livelock", "keep them busy for ever, and hungry"),
        good: &["all ate"],
        bad: &["livelock"],
        worker: "philosopher",
        ..Scenario::of(|| dinner(3, philosophers::give_back))
    },
];

/// Too many states for a page; for tests and the benchmark.
pub const FIVE_PHILOSOPHERS: Scenario = Scenario {
    name: "five_philosophers",
    title: "Five philosophers take the left fork first",
    goal: ("deadlock", "let them all starve"),
    good: &["all ate"],
    bad: &["deadlock"],
    worker: "philosopher",
    limit: 100_000,
    ..Scenario::of(|| dinner(5, philosophers::left_first))
};

fn transfers(transfer: fn(&[Mutex<i64>], usize, usize, i64)) -> String {
    let accounts = [Mutex::new(100), Mutex::new(100)];
    cross(&accounts, transfer);
    accounts.map(|account| account.into_inner().unwrap().to_string()).join(", ")
}

fn dinner(seats: usize, eat: impl Fn(&[Mutex<()>], usize) + Sync) -> String {
    let forks: Vec<Mutex<()>> = (0..seats).map(|_| Mutex::new(())).collect();
    philosophers::dine(&forks, eat);
    "all ate".into()
}
