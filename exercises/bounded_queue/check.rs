//! One and one, two who take, two and two.

use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::thread;

use exercise::{Case, Check, Hint, Scenario};

use super::answer::Queue;

const ASLEEP: &str = "Who waits sleeps, and costs nothing meanwhile. What wakes a thread?";

const GOES_ROUND: Hint = Hint::on(
    "too many states",
    "Going round and looking again is no waiting: it keeps a processor busy. Who waits sleeps on a \
     Condvar, and whoever changes something wakes them.",
);

pub const CHECK: Check = Check {
    starter: ("two_take", "panic: an item"),
    cases: &[
        Case::Explored {
            scenario: Scenario {
                name: "one_and_one",
                title: "One puts two items, one takes them, with room for one",
                good: &["1, 2"],
                ..Scenario::of(one_and_one)
            },
            must: &[],
            hints: &[
                Hint::on(
                    "deadlock",
                    "Somebody waits for a change that has been made. Does each change that another \
                     may wait for ring a bell that the other hears?",
                ),
                GOES_ROUND,
            ],
        },
        Case::Explored {
            scenario: Scenario {
                name: "full",
                title: "One puts two items, with room for one",
                good: &["waited for room"],
                ..Scenario::of(full)
            },
            must: &[],
            hints: &[Hint::on(
                "did not wait",
                "Nobody had come to take anything, and two items were in a queue with room for \
                 one.",
            )],
        },
        Case::Explored {
            scenario: Scenario {
                name: "two_take",
                title: "Two take, one puts two items, with room for both",
                good: &["1, 2"],
                limit: 20_000,
                ..Scenario::of(two_take)
            },
            must: &[],
            hints: &[
                Hint::on(
                    "panic",
                    "Between the check and the step that relies on it the lock was given up, and \
                     another came in. Check and act under one lock.",
                )
                .when("drop("),
                Hint::on(
                    "panic",
                    "Between the bell and the hand another may come in and take the item. Who \
                     wakes up must look again.",
                ),
            ],
        },
        Case::Explored {
            scenario: Scenario {
                name: "two_and_two",
                title: "Two put, two take, with room for one",
                good: &["1, 2"],
                limit: 60_000,
                ..Scenario::of(two_and_two)
            },
            must: &[],
            hints: &[Hint::on(
                "deadlock",
                "The bell woke one who had no use for it, and who went back to sleep; the one it \
                 was meant for heard nothing. Who waits for room and who waits for an item should \
                 not listen to the same bell, or all must be woken.",
            )],
        },
    ],
    without: &[
        ("mpsc", "A channel is such a queue already. Build one."),
        ("spin_loop", ASLEEP),
        ("yield_now", ASLEEP),
    ],
};

fn one_and_one() -> String {
    let queue = Queue::new(1);
    thread::scope(|scope| {
        scope.spawn(|| {
            queue.put(1);
            queue.put(2);
        });
        told(scope.spawn(|| [queue.take(), queue.take()]).join().unwrap())
    })
}

fn full() -> String {
    let queue = Queue::new(1);
    let come = AtomicBool::new(false);
    let waited = thread::scope(|scope| {
        let putter = scope.spawn(|| {
            queue.put(1);
            queue.put(2);
            come.load(Relaxed)
        });
        scope.spawn(|| {
            come.store(true, Relaxed);
            queue.take();
        });
        putter.join().unwrap()
    });
    if waited { "waited for room" } else { "did not wait" }.into()
}

fn two_take() -> String {
    let queue = Queue::new(2);
    thread::scope(|scope| {
        let takers = [scope.spawn(|| queue.take()), scope.spawn(|| queue.take())];
        scope.spawn(|| {
            queue.put(1);
            queue.put(2);
        });
        in_any_order(takers.map(|taker| taker.join()))
    })
}

fn two_and_two() -> String {
    let queue = Queue::new(1);
    thread::scope(|scope| {
        let takers = [scope.spawn(|| queue.take()), scope.spawn(|| queue.take())];
        scope.spawn(|| queue.put(1));
        scope.spawn(|| queue.put(2));
        in_any_order(takers.map(|taker| taker.join()))
    })
}

fn in_any_order(items: [thread::Result<u32>; 2]) -> String {
    let mut items = items.map(|item| item.unwrap());
    items.sort();
    told(items)
}

fn told(items: [u32; 2]) -> String {
    items.map(|item| item.to_string()).join(", ")
}
