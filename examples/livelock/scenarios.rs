//! Two who give back and try again, left to the scheduler and to a beat.

mod after_you;

use std::sync::{Barrier, Mutex};
use std::thread;

use interleave::{Scenario, Source, sources};

pub const SOURCES: &[Source] = sources!["after_you.rs", "scenarios.rs"];

pub const SCENARIOS: &[Scenario] = &[
    Scenario {
        name: "at_once",
        title: "Two give back and try again at once",
        goal: ("livelock", "keep both busy for ever, and outside"),
        good: &["both got in"],
        bad: &["livelock"],
        ..Scenario::of(|| {
            pair(|locks, me| {
                after_you::at_once(locks, me);
            });
            "both got in".into()
        })
    },
    Scenario {
        name: "in_step",
        title: "The same, to a common beat",
        goal: ("both got in", "let both in, if you can"),
        bad: &["livelock"],
        ..Scenario::of(|| {
            let beat = Barrier::new(2);
            pair(|locks, me| {
                after_you::in_step(locks, me, &beat, u64::MAX, |_| 0);
            });
            "both got in".into()
        })
    },
];

fn pair(get_in: impl Fn(&[Mutex<()>], usize) + Sync) {
    let locks = [Mutex::new(()), Mutex::new(())];
    thread::scope(|scope| {
        scope.spawn(|| get_in(&locks, 0));
        scope.spawn(|| get_in(&locks, 1));
    });
}
