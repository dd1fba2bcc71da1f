//! More boxes than the pool has threads, and two items that are weighed at once.

use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::sync::{Condvar, Mutex, OnceLock};
use std::thread::{self, ThreadId};

use exercise::{Case, Check, Hint, Once};
use tokio::runtime::Builder;

use super::answer::weigh_all;

const THREADS: usize = 2;
const BOXES: u32 = 4;
const ITEMS: u32 = 3;

const GOOD: &str = "all is weighed";

const ON_THE_LOOP: Hint = Hint::on(
    "weighed on the loop's thread",
    "To weigh takes a while, and blocks: the loop stands still for as long.",
);
const MORE_THREADS: &str = "weighed on more threads than the pool has";
const OWN: Hint = Hint::on(
    MORE_THREADS,
    "Threads that you start yourself are as many as there are boxes. The pool is there to set a \
     limit: its two threads are to do it.",
);
const BLOCKED: Hint = Hint::on(
    "panic",
    "A task that blocks would block the loop with all who wait on it. In a task, await.",
);
const WRONG: Hint = Hint::on("a wrong weight", "Is each item weighed once?");

pub const CHECK: Check = Check {
    starter: ("four_boxes", "waits for ever"),
    cases: &[
        Case::Once(Once {
            name: "four_boxes",
            title: "Four boxes in a pool of two threads",
            run: || weighed(weigh),
            good: &[GOOD],
            hints: &[
                ON_THE_LOOP,
                OWN,
                BLOCKED,
                WRONG,
                Hint::on(
                    "waits for ever",
                    "Each thread of the pool has a box, and waits for an item that waits for a \
                     thread. Who may wait without having a thread of the pool?",
                ),
            ],
        }),
        Case::Once(Once {
            name: "two_at_once",
            title: "Scales that need two items at once to begin",
            run: || weighed(weigh_with_another),
            good: &[GOOD],
            hints: &[
                ON_THE_LOOP,
                OWN,
                BLOCKED,
                WRONG,
                Hint::on(
                    "waits for ever",
                    "One thread weighs, and the other has nothing to do. A job begins when it is \
                     spawned: is the second one spawned before you wait for the first?",
                ),
            ],
        }),
    ],
    without: &[],
};

static LOOP: OnceLock<ThreadId> = OnceLock::new();
static ON_LOOP: AtomicBool = AtomicBool::new(false);
static OTHERS: Mutex<Vec<ThreadId>> = Mutex::new(Vec::new());

fn weighed(weigh: fn(u32) -> u32) -> String {
    LOOP.set(thread::current().id()).expect("set once");
    let boxes: Vec<Vec<u32>> = (0..BOXES).map(|_| (0..ITEMS).collect()).collect();
    let right: u32 = boxes.iter().flatten().map(|item| item * 10).sum();
    let runtime = Builder::new_current_thread().max_blocking_threads(THREADS).build();
    let weight = runtime.expect("a runtime").block_on(weigh_all(boxes, weigh));
    match weight == right {
        _ if ON_LOOP.load(SeqCst) => "weighed on the loop's thread",
        _ if OTHERS.lock().unwrap().len() > THREADS => MORE_THREADS,
        true => GOOD,
        false => "a wrong weight",
    }
    .into()
}

fn weigh(item: u32) -> u32 {
    let thread = thread::current().id();
    let mut others = OTHERS.lock().unwrap();
    if LOOP.get() == Some(&thread) {
        ON_LOOP.store(true, SeqCst);
    } else if !others.contains(&thread) {
        others.push(thread);
    }
    drop(others);
    item * 10
}

/// Does not come back before two have come.
fn weigh_with_another(item: u32) -> u32 {
    static COME: Mutex<u32> = Mutex::new(0);
    static TWO: Condvar = Condvar::new();
    let weight = weigh(item);
    *COME.lock().unwrap() += 1;
    TWO.notify_all();
    drop(TWO.wait_while(COME.lock().unwrap(), |come| *come < 2).unwrap());
    weight
}
