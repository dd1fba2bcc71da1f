//! Two ask at once, and three.

use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

use exercise::{Case, Check, Hint, Reading, Scenario};
use tokio::task::yield_now;
use tokio::{block_on, join};

use super::answer::Cache;

const TASKS: Scenario = Scenario {
    worker: "task",
    reading: Reading::Cooperative,
    limit: 1_000,
    ..Scenario::of(String::new)
};

const HINTS: &[Hint] = &[
    Hint::on(
        "deadlock",
        "Somebody waits to be told, and nobody is left to tell. How many wait, and how many does \
         the one who fetched wake?",
    ),
    Hint::on(
        "too many states",
        "A task that looks again and again until the value is there keeps the processor busy with \
         asking. Let it wait for something that wakes it.",
    ),
    Hint::on(
        "all got 7, fetched 2 times",
        "Between finding nothing and keeping what was fetched another found nothing too. How can \
         the others know that somebody is on the way?",
    ),
    Hint::on(
        "all got 7, fetched 3 times",
        "Between finding nothing and keeping what was fetched the others found nothing too. How \
         can they know that somebody is on the way?",
    ),
    Hint::on(
        "all got 7, fetched 0 times",
        "The value is the right one today. Who has asked for it?",
    ),
    Hint::on("somebody got nothing", "Who comes second must not go on before the value is there."),
];

pub const CHECK: Check = Check {
    starter: ("two", "all got 7, fetched 2 times"),
    cases: &[
        Case::Explored {
            scenario: Scenario {
                name: "two",
                title: "Two ask at once",
                good: &["all got 7, fetched once"],
                run: two,
                ..TASKS
            },
            must: &[],
            hints: HINTS,
        },
        Case::Explored {
            scenario: Scenario {
                name: "three",
                title: "Three ask at once",
                good: &["all got 7, fetched once"],
                run: three,
                ..TASKS
            },
            must: &[],
            hints: HINTS,
        },
    ],
    without: &[],
};

fn two() -> String {
    let (cache, fetched) = (Cache::new(), AtomicU32::new(0));
    let ask = || movable(cache.get(async || fetch(&fetched).await));
    let (first, second) = block_on(async { join!(ask(), ask()) });
    told(&[first, second], fetched)
}

fn three() -> String {
    let (cache, fetched) = (Cache::new(), AtomicU32::new(0));
    let ask = || movable(cache.get(async || fetch(&fetched).await));
    let (first, second, third) = block_on(async { join!(ask(), ask(), ask()) });
    told(&[first, second, third], fetched)
}

/// What may be spawned: tokio may move it to another thread at any await. So
/// nothing of the thread's own, as a guard of `std` is, is held across one.
fn movable<F: Future + Send>(task: F) -> F {
    task
}

async fn fetch(fetched: &AtomicU32) -> u32 {
    fetched.fetch_add(1, Relaxed);
    yield_now().await;
    7
}

fn told(values: &[u32], fetched: AtomicU32) -> String {
    if values.iter().any(|&value| value != 7) {
        return "somebody got nothing".into();
    }
    match fetched.into_inner() {
        1 => "all got 7, fetched once".into(),
        times => format!("all got 7, fetched {times} times"),
    }
}
