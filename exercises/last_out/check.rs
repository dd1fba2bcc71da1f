//! Two use an object and release it; the last one frees it.

use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::thread;

use exercise::{Case, Check, Hint, Memory, Scenario};

use super::answer::References;

pub const CHECK: Check = Check {
    starter: ("once", "freed twice"),
    cases: &[
        Case::Explored {
            scenario: Scenario {
                name: "once",
                title: "Two release",
                good: &["freed once"],
                ..Scenario::of(both_release)
            },
            must: &[],
            hints: &[
                Hint::on(
                    "freed twice",
                    "Both look after both have counted down. What does `fetch_sub` itself return, \
                     and to how many threads can it return 1?",
                ),
                Hint::on(
                    "never freed",
                    "`fetch_sub` returns what the count was before. Which value does the last one \
                     find?",
                )
                .when("fetch_sub"),
                Hint::on(
                    "never freed",
                    "One count was lost, so that nobody was the last. How many steps is it from \
                     the look to the new count?",
                ),
            ],
        },
        Case::Explored {
            scenario: Scenario {
                name: "all_seen",
                title: "Two use, then release; a load may return an old value",
                memory: Memory::Weak,
                good: &["freed once, all uses seen"],
                ..Scenario::of(use_and_release)
            },
            must: &[],
            hints: &[
                Hint::on(
                    "freed before a use",
                    "Who frees has not seen what the other did with the object. A relaxed count is \
                     exact, and tells nothing of anything else.",
                )
                .when("fetch_sub(1, Relaxed)"),
                Hint::on(
                    "freed before a use",
                    "It takes two: one who publishes what it did, one who looks. Each `release` \
                     may be either.",
                ),
            ],
        },
    ],
    without: &[
        ("SeqCst", "Two weaker orderings say what is meant: one publishes, one looks."),
        ("Mutex", "The count is one number. One step on it is enough."),
    ],
};

fn both_release() -> String {
    let references = References::new(2);
    let last = thread::scope(|scope| {
        [(); 2].map(|()| scope.spawn(|| references.release())).map(|thread| thread.join().unwrap())
    });
    match last {
        [true, true] => "freed twice",
        [false, false] => "never freed",
        _ => "freed once",
    }
    .into()
}

fn use_and_release() -> String {
    let references = References::new(2);
    // What each does with the object: it writes into it.
    let (left, right) = (AtomicU32::new(0), AtomicU32::new(0));
    let employ = |ours: &AtomicU32, theirs: &AtomicU32| {
        ours.store(1, Relaxed);
        references.release().then(|| theirs.load(Relaxed))
    };
    let seen = thread::scope(|scope| {
        let both = [scope.spawn(|| employ(&left, &right)), scope.spawn(|| employ(&right, &left))];
        both.map(|thread| thread.join().unwrap())
    });
    match seen {
        [Some(1), None] | [None, Some(1)] => "freed once, all uses seen",
        [Some(_), Some(_)] => "freed twice",
        [None, None] => "never freed",
        _ => "freed before a use",
    }
    .into()
}
