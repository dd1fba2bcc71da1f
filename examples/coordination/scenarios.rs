//! One baker bakes two loaves, two buyers want one each; who waits for an event
//! and who for a bell; three who share two permits.

mod bakery;
mod event;
mod semaphore;

use core::sync::atomic as uncounted;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Condvar, Mutex};
use std::thread;

use bakery::Bakery;
use event::{Bell, Event};
use interleave::{Scenario, Source, sources};
use semaphore::Semaphore;

pub const SOURCES: &[Source] = sources!["bakery.rs", "event.rs", "semaphore.rs", "scenarios.rs"];

pub const SCENARIOS: &[Scenario] = &[
    Scenario {
        name: "if",
        title: "Two buyers who look once",
        goal: ("a buyer left without", "send a buyer home without a loaf"),
        good: &["both bought"],
        bad: &["a buyer left without"],
        ..Scenario::of(|| market(Bakery::buy_if))
    },
    Scenario {
        name: "while",
        title: "Two buyers who look again",
        goal: ("a buyer left without", "send a buyer home without a loaf, if you can"),
        good: &["both bought"],
        ..Scenario::of(|| market(Bakery::buy_while))
    },
    Scenario {
        name: "bell",
        title: "One waits for a bell, the other rings it once",
        goal: ("deadlock", "let it wait for ever"),
        good: &["heard"],
        bad: &["deadlock"],
        ..Scenario::of(|| {
            let bell = Bell { door: Mutex::new(()), bell: Condvar::new() };
            both(|| bell.wait(), || bell.ring());
            "heard".into()
        })
    },
    Scenario {
        name: "event",
        title: "One waits for an event, the other sets it",
        goal: ("deadlock", "let it wait for ever, if you can"),
        good: &["passed"],
        ..Scenario::of(|| {
            let event = Event { happened: Mutex::new(false), bell: Condvar::new() };
            both(|| event.wait(), || event.set());
            "passed".into()
        })
    },
    Scenario {
        name: "semaphore",
        title: "Three enter where two may be inside",
        goal: ("three inside", "get all three inside, if you can"),
        good: &["two inside at most"],
        ..Scenario::of(enter)
    },
];

fn both(wait: impl FnOnce() + Send, wake: impl FnOnce() + Send) {
    thread::scope(|scope| {
        scope.spawn(wait);
        scope.spawn(wake);
    });
}

fn enter() -> String {
    let semaphore = Semaphore { free: Mutex::new(2), freed: Condvar::new() };
    let crowded = AtomicBool::new(false);
    // No step of its own: who is inside follows from where the threads are.
    let inside = uncounted::AtomicUsize::new(0);
    thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                let _permit = semaphore.acquire();
                let too_many = inside.fetch_add(1, Relaxed) >= 2;
                // A step, so that others can come in meanwhile.
                crowded.fetch_or(too_many, Relaxed);
                inside.fetch_sub(1, Relaxed);
            });
        }
    });
    if crowded.into_inner() { "three inside" } else { "two inside at most" }.into()
}

fn market(buy: fn(&Bakery) -> bool) -> String {
    let bakery = Bakery { shelf: Mutex::new(0), bell: Condvar::new() };
    let served = thread::scope(|scope| {
        let buyers = ["buyer 1", "buyer 2"].map(|name| {
            let buyer = thread::Builder::new().name(name.into());
            buyer.spawn_scoped(scope, || buy(&bakery)).unwrap()
        });
        let baker = thread::Builder::new().name("baker".into());
        baker
            .spawn_scoped(scope, || {
                bakery.bake();
                bakery.bake();
            })
            .unwrap();
        buyers.map(|buyer| buyer.join().unwrap())
    });
    if served == [true, true] { "both bought" } else { "a buyer left without" }.into()
}
