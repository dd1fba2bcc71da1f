//! Two add one each, inside; with the newest values, and with C++20's rules.

use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::thread;

use exercise::{Case, Check, Hint, Memory, Scenario};

use super::answer::SpinLock;

const INSIDE: Scenario = Scenario { good: &["2"], limit: 1_000, ..Scenario::of(both_add) };

pub const CHECK: Check = Check {
    starter: ("one_inside", "1"),
    cases: &[
        Case::Explored {
            scenario: Scenario { name: "one_inside", title: "Two add one each, inside", ..INSIDE },
            must: &[],
            hints: &[
                Hint::on(
                    "1",
                    "Both are inside at once: each saw the lock free before the other took it. \
                     Which operation of `AtomicBool` takes it and says what was there, in one \
                     step?",
                )
                .when("load("),
                Hint::on(
                    "1",
                    "Both are inside at once. What does the step that takes the lock say?",
                ),
                Hint::on("deadlock", "Somebody waits for a lock that nobody gives back."),
            ],
        },
        Case::Explored {
            scenario: Scenario {
                name: "all_seen",
                title: "Two add one each, inside, and a load may return an old value",
                memory: Memory::Weak,
                ..INSIDE
            },
            must: &[],
            hints: &[Hint::on(
                "1",
                "One was inside after the other and still read the old number. The lock goes from \
                 hand to hand here, but nothing carries along what was done inside. Which ordering \
                 does the one who goes out need, and which the one who comes in?",
            )],
        },
    ],
    without: &[
        ("SeqCst", "What has to be seen by whom? Two weaker orderings say just that."),
        ("Mutex", "That is a lock already. Build one, from the one bit."),
    ],
};

fn both_add() -> String {
    let lock = SpinLock::new();
    let number = AtomicU32::new(0);
    let add = || {
        lock.lock();
        let seen = number.load(Relaxed);
        number.store(seen + 1, Relaxed);
        lock.unlock();
    };
    thread::scope(|scope| {
        scope.spawn(add);
        scope.spawn(add);
    });
    number.into_inner().to_string()
}
