//! A thread wakes a task, and the loop that should poll it is about to sleep.

mod queue;

use std::thread;

use interleave::{Memory, Scenario, Source, sources};
use queue::Queue;

pub const SOURCES: &[Source] = sources!["queue.rs", "scenarios.rs"];

pub const SCENARIOS: &[Scenario] = &[
    Scenario {
        name: "look_then_say",
        title: "A loop that looks into the queue, then says that it sleeps",
        goal: ("deadlock", "let the loop sleep for ever"),
        good: &["polled"],
        bad: &["deadlock"],
        ..Scenario::of(|| wake(Queue::may_sleep_wrongly))
    },
    Scenario {
        name: "say_then_look",
        title: "A loop that says that it sleeps, then looks into the queue",
        goal: ("deadlock", "let the loop sleep for ever, if you can"),
        good: &["polled"],
        // The proof takes `Relaxed` at its word: a load may be of an older store.
        memory: Memory::Weak,
        ..Scenario::of(|| wake(Queue::may_sleep))
    },
];

/// Parking stands for the sleep in epoll, and unparking for the bell: both
/// are kept if they come too early.
fn wake(may_sleep: fn(&Queue) -> bool) -> String {
    let queue = Queue::new();
    thread::scope(|scope| {
        let queue = &queue;
        let event_loop = thread::Builder::new().name("loop".into());
        let event_loop = event_loop
            .spawn_scoped(scope, || {
                while queue.take().is_empty() {
                    if may_sleep(queue) {
                        thread::park();
                    }
                    queue.awake();
                }
            })
            .unwrap();
        let waker = thread::Builder::new().name("waker".into());
        waker
            .spawn_scoped(scope, move || {
                if queue.push(1) {
                    event_loop.thread().unpark();
                }
            })
            .unwrap();
    });
    "polled".into()
}
