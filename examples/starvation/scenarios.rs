//! One thread waits for a lock, and two others come and go.

mod spin;

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::thread;

use interleave::{Scenario, Source, sources};
use spin::{Barging, Lock, Ticket, come_and_go};

pub const SOURCES: &[Source] = sources!["spin.rs", "scenarios.rs"];

pub const SCENARIOS: &[Scenario] = &[
    Scenario {
        name: "barging",
        title: "Whoever is quick: the first thread waits, two come and go",
        goal: ("livelock", "keep the first thread waiting for ever"),
        good: &["got in"],
        bad: &["livelock"],
        ..Scenario::of(|| {
            let lock = Barging::default();
            // Taken by one of the others, who is to give it back.
            lock.lock();
            wait_among_two(&lock, || lock.lock())
        })
    },
    Scenario {
        name: "ticket",
        title: "Whoever came first: the first thread waits, two come and go",
        goal: ("livelock", "keep the first thread waiting for ever, if you can"),
        good: &["got in"],
        ..Scenario::of(|| {
            let lock = Ticket::default();
            lock.lock();
            let ticket = lock.draw();
            wait_among_two(&lock, || lock.wait_for(ticket))
        })
    },
    Scenario {
        name: "in_order",
        title: "Three threads with a ticket each",
        goal: ("out of order", "let somebody in out of turn, if you can"),
        good: &["in the order of their tickets"],
        ..Scenario::of(|| {
            let (lock, came) = (Ticket::default(), Mutex::new(Vec::new()));
            thread::scope(|scope| {
                for _ in 0..3 {
                    scope.spawn(|| {
                        let ticket = lock.draw();
                        lock.wait_for(ticket);
                        came.lock().unwrap().push(ticket);
                        lock.unlock();
                    });
                }
            });
            let came = came.into_inner().unwrap();
            if came.is_sorted() { "in the order of their tickets" } else { "out of order" }.into()
        })
    },
];

/// The lock is taken. The first thread waits for it; of the others, one begins
/// with giving it back.
fn wait_among_two(lock: &impl Lock, wait: impl Fn() + Sync) -> String {
    let been_in = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            wait();
            been_in.store(true, Relaxed);
            lock.unlock();
        });
        scope.spawn(|| {
            lock.unlock();
            come_and_go(lock, &been_in);
        });
        scope.spawn(|| come_and_go(lock, &been_in));
    });
    "got in".into()
}
