//! Two who have their numbers, and one who waits while another comes and goes.

use core::sync::atomic as uncounted;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::thread;

use exercise::{Case, Check, Hint, Scenario};

use super::answer::Door;

const HINTS: &[Hint] = &[
    Hint::on(
        "out of turn",
        "A bell is no turn: it may ring for somebody else, and two may hear it. Who wakes up must \
         look again whether it is their number.",
    )
    .when("if "),
    Hint::on(
        "out of turn",
        "The door was free, and whoever looked first went in. What has to be true for number 2 to \
         go in, besides that nobody is inside?",
    ),
    Hint::on(
        "two inside",
        "Somebody went in while another was inside. Who wakes up must look again.",
    ),
    Hint::on(
        "deadlock",
        "It is somebody's turn who is asleep, and the bell has rung in the moment between the look \
         at the number and falling asleep. Which lock has to be held when the number changes?",
    )
    .when("Atomic"),
    Hint::on(
        "deadlock",
        "It is somebody's turn who is asleep. The bell woke another, who found that it was not \
         their turn and went back to sleep. Who else could be woken?",
    )
    .when("notify_one"),
    Hint::on(
        "deadlock",
        "Somebody sleeps for ever. Either nobody wakes them when it is their turn, or another went \
         in whose turn it was not, and the numbers have run past them. Does whoever wakes up look \
         again?",
    ),
    Hint::on(
        "too many states",
        "Going round and looking again is no waiting: it keeps a processor busy. Who waits sleeps \
         on a Condvar, and whoever goes out wakes them.",
    ),
    Hint::on(
        "livelock",
        "One waits for ever while another comes and goes. Each time the door was open to the one \
         who was quick.",
    ),
];

pub const CHECK: Check = Check {
    starter: ("two_numbers", "out of turn"),
    cases: &[
        Case::Explored {
            scenario: Scenario {
                name: "two_numbers",
                title: "One is inside, and two come with their numbers",
                good: &["one by one, in order"],
                ..Scenario::of(two_numbers)
            },
            must: &[],
            hints: HINTS,
        },
        Case::Explored {
            scenario: Scenario {
                name: "comes_and_goes",
                title: "One has a number, another comes and goes until the first has been in",
                good: &["got in"],
                ..Scenario::of(comes_and_goes)
            },
            must: &[],
            hints: HINTS,
        },
    ],
    without: &[
        ("spin_loop", "Who waits sleeps, and costs nothing meanwhile. What wakes a thread?"),
        ("yield_now", "Who waits sleeps, and costs nothing meanwhile. What wakes a thread?"),
    ],
};

fn two_numbers() -> String {
    let (door, visits) = (Door::new(), AtomicU64::new(0));
    door.go_in(door.arrive());
    let numbers = [door.arrive(), door.arrive()];
    // No steps of their own: who is inside follows from where the threads are.
    let inside = uncounted::AtomicUsize::new(0);
    let (met, in_order) = (uncounted::AtomicBool::new(false), uncounted::AtomicBool::new(true));
    let visit = |number| {
        door.go_in(number);
        met.fetch_or(inside.fetch_add(1, Relaxed) > 0, Relaxed);
        // A step, so that the other can come in meanwhile, if it can.
        let before = visits.fetch_add(1, Relaxed);
        in_order.fetch_and(number == before + numbers[0], Relaxed);
        inside.fetch_sub(1, Relaxed);
        door.go_out();
    };
    thread::scope(|scope| {
        for number in numbers {
            scope.spawn(move || visit(number));
        }
        door.go_out();
    });
    match in_order.into_inner() {
        _ if met.into_inner() => "two inside",
        true => "one by one, in order",
        false => "out of turn",
    }
    .into()
}

fn comes_and_goes() -> String {
    let (door, been_in) = (Door::new(), AtomicBool::new(false));
    door.go_in(door.arrive());
    let number = door.arrive();
    thread::scope(|scope| {
        scope.spawn(|| {
            door.go_in(number);
            been_in.store(true, Relaxed);
            door.go_out();
        });
        scope.spawn(|| {
            door.go_out();
            while !been_in.load(Relaxed) {
                std::hint::spin_loop();
                door.go_in(door.arrive());
                door.go_out();
            }
        });
    });
    "got in".into()
}
