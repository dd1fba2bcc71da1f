//! Two senders and one too many; a pipeline that holds three jobs, and four to
//! do; a sender that waits for room.

mod pipeline;

use core::sync::atomic as uncounted;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::mpsc;
use std::thread;

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
    Scenario {
        name: "room",
        title: "Two senders and a channel with room for one message",
        goal: ("two were waiting", "get two messages into it, if you can"),
        good: &["one waiting at most"],
        worker: "sender",
        ..Scenario::of(room)
    },
];

fn arrived(mut messages: Vec<u32>) -> String {
    messages.sort();
    if messages == [1, 2] { "both arrived" } else { "something was lost" }.into()
}

fn in_order(results: Vec<u32>) -> String {
    results.iter().map(u32::to_string).collect::<Vec<_>>().join(" ")
}

fn room() -> String {
    let (sender, receiver) = mpsc::sync_channel(1);
    // No step of its own: what was sent follows from where the senders are.
    let sent = uncounted::AtomicUsize::new(0);
    let mut crowded = false;
    thread::scope(|scope| {
        for _ in 0..2 {
            let (sender, sent) = (sender.clone(), &sent);
            scope.spawn(move || {
                for _ in 0..2 {
                    sender.send(()).unwrap();
                    sent.fetch_add(1, Relaxed);
                }
            });
        }
        drop(sender);
        for (taken, ()) in receiver.iter().enumerate() {
            crowded |= sent.load(Relaxed) > taken + 2;
        }
    });
    if crowded { "two were waiting" } else { "one waiting at most" }.into()
}
