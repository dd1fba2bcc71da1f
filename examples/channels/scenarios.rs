//! Two senders and one too many; a pipeline that holds three jobs, and four to
//! do.

mod pipeline;

use interleave::{Scenario, Source, sources};

pub const SOURCES: &[Source] = sources!["pipeline.rs", "scenarios.rs"];

pub const SCENARIOS: &[Scenario] = &[
    Scenario {
        name: "forgotten",
        title: "The receiver keeps a sender",
        goal: ("both arrived", "let the receiver come to an end, if you can"),
        bad: &["deadlock"],
        ..Scenario::of(|| arrived(pipeline::forgotten()))
    },
    Scenario {
        name: "dropped",
        title: "The receiver drops its sender first",
        goal: ("deadlock", "let the receiver wait for ever, if you can"),
        good: &["both arrived"],
        ..Scenario::of(|| arrived(pipeline::dropped()))
    },
    Scenario {
        name: "three",
        title: "Three jobs are handed in before a result is taken",
        goal: ("deadlock", "let both wait for ever, if you can"),
        good: &["1 4 9"],
        ..Scenario::of(|| in_order(pipeline::hand_in_first(3)))
    },
    Scenario {
        name: "four",
        title: "Four jobs are handed in before a result is taken",
        goal: ("1 4 9 16", "get the four results, if you can"),
        bad: &["deadlock"],
        ..Scenario::of(|| in_order(pipeline::hand_in_first(4)))
    },
    Scenario {
        name: "meanwhile",
        title: "Results are taken while four jobs are handed in",
        goal: ("deadlock", "let all wait for ever, if you can"),
        good: &["1 4 9 16"],
        ..Scenario::of(|| in_order(pipeline::meanwhile(4)))
    },
];

fn arrived(mut messages: Vec<u32>) -> String {
    messages.sort();
    if messages == [1, 2] { "both arrived" } else { "something was lost" }.into()
}

fn in_order(results: Vec<u32>) -> String {
    results.iter().map(u32::to_string).collect::<Vec<_>>().join(" ")
}
