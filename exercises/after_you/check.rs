//! Both go in; one goes in twice and the other never comes; and the rules of C++20.

use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::thread;

use exercise::{Case, Check, Hint, Memory, Scenario};

use super::answer::Door;

const BOTH: Scenario = Scenario { good: &["2"], ..Scenario::of(both_add) };

pub const CHECK: Check = Check {
    starter: ("both_come", "livelock"),
    cases: &[
        Case::Explored {
            scenario: Scenario { name: "both_come", title: "Both come and add one inside", ..BOTH },
            must: &[],
            hints: &[
                Hint::on(
                    "livelock",
                    "Both step back at the same time, and both come again. As long as they do the \
                     same, nothing tells them apart. What could they write down that only one of \
                     them can have written last?",
                ),
                Hint::on(
                    "deadlock",
                    "Each waits for the other to step back. One of them has to go first: which?",
                ),
                Hint::on(
                    "1",
                    "Both are inside at once. Who says last that the other may go first, waits.",
                )
                .when("1 - me, "),
                Hint::on(
                    "1",
                    "Both are inside at once: each looked before the other had said that it wants \
                     to go in. First say it, then look.",
                ),
            ],
        },
        Case::Explored {
            scenario: Scenario {
                name: "one_comes",
                title: "One goes in twice, and the other never comes",
                good: &["2"],
                ..Scenario::of(one_comes)
            },
            must: &[],
            hints: &[Hint::on(
                "deadlock",
                "It waits for its turn, and nobody is there to give it. Taking turns is right only \
                 while both want to go in.",
            )],
        },
        Case::Explored {
            scenario: Scenario {
                name: "old_values",
                title: "Both come, and a load may return an old value",
                memory: Memory::Weak,
                ..BOTH
            },
            must: &[],
            hints: &[Hint::on(
                "1",
                "Each wrote that it wants to go in, and read that the other does not: the load \
                 returned an old value. There is one ordering under which that cannot be, and it \
                 was in this chapter's neighbour, on memory order.",
            )],
        },
    ],
    without: &[
        ("swap(", "Loads and stores are enough here, and that is what is strange about it."),
        ("fetch_", "Loads and stores are enough here, and that is what is strange about it."),
        ("compare_", "Loads and stores are enough here, and that is what is strange about it."),
        ("Mutex", "A mutex is such a door already. Build one."),
    ],
};

fn both_add() -> String {
    let door = &Door::new();
    let number = &AtomicU32::new(0);
    thread::scope(|scope| {
        for me in 0..2 {
            scope.spawn(move || add(door, number, me));
        }
    });
    number.load(Relaxed).to_string()
}

fn one_comes() -> String {
    let (door, number) = (Door::new(), AtomicU32::new(0));
    for _ in 0..2 {
        add(&door, &number, 1);
    }
    number.load(Relaxed).to_string()
}

fn add(door: &Door, number: &AtomicU32, me: usize) {
    door.enter(me);
    let seen = number.load(Relaxed);
    number.store(seen + 1, Relaxed);
    door.leave(me);
}
