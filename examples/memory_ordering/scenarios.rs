//! Store buffer and message passing under each ordering.

mod litmus;

use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering::{self, Acquire, Relaxed, Release, SeqCst};
use std::thread;

use interleave::{Memory, Scenario, Source, sources};
use litmus::Litmus;

pub const SOURCES: &[Source] = sources!["litmus.rs", "scenarios.rs"];

const STORE_BUFFER: Scenario = Scenario {
    goal: ("0 and 0", "let each miss the other's write"),
    good: &["0 and 1", "1 and 0", "1 and 1"],
    bad: &["0 and 0"],
    memory: Memory::Weak,
    ..Scenario::of(String::new)
};

const MESSAGE_PASSING: Scenario = Scenario {
    goal: ("stale", "see the flag and miss the message"),
    good: &["not yet", "42"],
    bad: &["stale"],
    memory: Memory::Weak,
    ..Scenario::of(String::new)
};

pub const SCENARIOS: &[Scenario] = &[
    Scenario {
        name: "store_buffer_relaxed",
        title: "Write one, read the other: Relaxed",
        run: || store_buffer(Relaxed, Relaxed),
        ..STORE_BUFFER
    },
    Scenario {
        name: "store_buffer_release_acquire",
        title: "Write one, read the other: Release and Acquire",
        run: || store_buffer(Release, Acquire),
        ..STORE_BUFFER
    },
    Scenario {
        name: "store_buffer_seqcst",
        title: "Write one, read the other: SeqCst",
        bad: &[],
        run: || store_buffer(SeqCst, SeqCst),
        ..STORE_BUFFER
    },
    Scenario {
        name: "message_passing_relaxed",
        title: "Write the message, raise the flag: Relaxed",
        run: || message_passing(Relaxed, Relaxed),
        ..MESSAGE_PASSING
    },
    Scenario {
        name: "message_passing_release_acquire",
        title: "Write the message, raise the flag: Release and Acquire",
        bad: &[],
        run: || message_passing(Release, Acquire),
        ..MESSAGE_PASSING
    },
    Scenario {
        name: "message_passing_seqcst",
        title: "Write the message, raise the flag: SeqCst",
        bad: &[],
        run: || message_passing(SeqCst, SeqCst),
        ..MESSAGE_PASSING
    },
];

fn litmus(write: Ordering, read: Ordering) -> Litmus {
    Litmus { x: AtomicU32::new(0), y: AtomicU32::new(0), write, read }
}

fn store_buffer(write: Ordering, read: Ordering) -> String {
    let litmus = litmus(write, read);
    let [y, x] = thread::scope(|scope| {
        let threads = [scope.spawn(|| litmus.x_then_y()), scope.spawn(|| litmus.y_then_x())];
        threads.map(|thread| thread.join().unwrap())
    });
    format!("{y} and {x}")
}

fn message_passing(write: Ordering, read: Ordering) -> String {
    let litmus = litmus(write, read);
    let received = thread::scope(|scope| {
        scope.spawn(|| litmus.send());
        scope.spawn(|| litmus.receive()).join().unwrap()
    });
    match received {
        None => "not yet".into(),
        Some(0) => "stale".into(),
        Some(message) => message.to_string(),
    }
}
