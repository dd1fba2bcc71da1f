//! Two for one seat, two for two, and one who comes back.

use std::thread;

use exercise::{Case, Check, Hint, Scenario};

use super::answer::Room;

pub const CHECK: Check = Check {
    starter: ("two_for_one", "two sit on one seat"),
    cases: &[
        Case::Explored {
            scenario: Scenario {
                name: "two_for_one",
                title: "Two enter a room with one seat",
                good: &["one sits"],
                ..Scenario::of(|| both_enter(1))
            },
            must: &[],
            hints: &[
                Hint::on(
                    "two sit on one seat",
                    "You change the count by `compare_exchange` and do not look at what it says. \
                     On `Err` nothing has changed, and nobody has a seat.",
                )
                .when("compare_exchange"),
                Hint::on(
                    "two sit on one seat",
                    "Between the look and the step that takes the seat another may come in. \
                     Which operation looks and takes in one step?",
                ),
                Hint::on("nobody sits", "There was a seat, and both were sent away."),
            ],
        },
        Case::Explored {
            scenario: Scenario {
                name: "two_for_two",
                title: "Two enter a room with two seats",
                good: &["two sit"],
                ..Scenario::of(|| both_enter(2))
            },
            must: &[],
            hints: &[Hint::on(
                "one sits",
                "One was turned away because somebody else came in at the same time, and there \
                 was a seat for both. A failed `compare_exchange` says that the count has changed, \
                 not that the room is full.",
            )],
        },
        Case::Explored {
            scenario: Scenario {
                name: "come_back",
                title: "One leaves the only seat and comes back; another would like it",
                good: &["one sits"],
                ..Scenario::of(come_back)
            },
            must: &[],
            hints: &[Hint::on(
                "nobody sits",
                "Who has not got a seat was counted for a moment all the same, and in that moment \
                 turned another away. Count only those who sit.",
            )],
        },
    ],
    without: &[],
};

fn both_enter(seats: u64) -> String {
    let room = Room::new(seats);
    let entered = thread::scope(|scope| {
        let both = [scope.spawn(|| room.enter()), scope.spawn(|| room.enter())];
        both.map(|thread| thread.join().unwrap())
    });
    match entered {
        [true, true] if seats == 1 => "two sit on one seat",
        [true, true] => "two sit",
        [false, false] => "nobody sits",
        _ => "one sits",
    }
    .into()
}

fn come_back() -> String {
    let room = Room::new(1);
    room.enter();
    let entered = thread::scope(|scope| {
        let back = scope.spawn(|| {
            room.leave();
            room.enter()
        });
        let other = scope.spawn(|| room.enter());
        [back, other].map(|thread| thread.join().unwrap())
    });
    match entered {
        [true, true] => "two sit on one seat",
        [false, false] => "nobody sits",
        _ => "one sits",
    }
    .into()
}
