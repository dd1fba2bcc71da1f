//! No number, three and four.

use exercise::{Case, Check, Hint, Scenario};

use super::answer::square_all;

const HINTS: &[Hint] = &[
    Hint::on(
        "deadlock",
        "You wait for the worker's end before you take its results, and the worker waits for \
         somebody to take them.",
    )
    .when(".join()"),
    Hint::on(
        "deadlock",
        "The worker goes on as long as there is a sender of jobs, and somebody who waits for the \
         results still has one. Who owns `jobs`, and when is it dropped?",
    )
    .when("scope.spawn(||"),
    Hint::on(
        "deadlock",
        "The one who hands in waits for room and takes no result meanwhile; the worker waits until \
         somebody takes one. Two things have to be done at once here.",
    ),
    Hint::on("", "The squares have to come in the order of the numbers, all of them."),
];

const SQUARES: Scenario = Scenario { limit: 2_000, ..Scenario::of(String::new) };

pub const CHECK: Check = Check {
    starter: ("four", "deadlock"),
    cases: &[
        Case::Explored {
            scenario: Scenario {
                name: "none",
                title: "No number",
                good: &["nothing"],
                run: || squares(&[]),
                ..SQUARES
            },
            must: &[],
            hints: HINTS,
        },
        Case::Explored {
            scenario: Scenario {
                name: "three",
                title: "Three numbers",
                good: &["1 4 9"],
                run: || squares(&[1, 2, 3]),
                ..SQUARES
            },
            must: &[],
            hints: HINTS,
        },
        Case::Explored {
            scenario: Scenario {
                name: "four",
                title: "Four numbers",
                good: &["1 4 9 16"],
                run: || squares(&[1, 2, 3, 4]),
                ..SQUARES
            },
            must: &[],
            hints: HINTS,
        },
    ],
    without: &[
        ("mpsc::channel(", "Without a bound nothing waits, and nothing holds the sender back."),
        (
            "sync_channel(numbers",
            "Room for everything is no bound. It has to work with room for one.",
        ),
    ],
};

fn squares(numbers: &[u32]) -> String {
    match square_all(numbers)[..] {
        [] => "nothing".into(),
        ref squares => squares.iter().map(u32::to_string).collect::<Vec<_>>().join(" "),
    }
}
