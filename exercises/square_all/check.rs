//! No number, three and four; a worker, and room for one.

use std::sync::mpsc::{self, Receiver, SyncSender};
use std::thread;

use exercise::{Case, Check, Hint, Scenario};

use super::answer::square_all;

const HINTS: &[Hint] = &[
    Hint::on(
        "deadlock",
        "Who waits for the one who hands in takes no result meanwhile. Then the worker waits to \
         give one, and takes no job.",
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
    Hint::on(
        "1 4 9, but not from the worker",
        "The numbers are right, and the worker had no part in it.",
    ),
    Hint::on("", "The squares have to come in the order of the numbers, all of them."),
];

pub const CHECK: Check = Check {
    starter: ("four", "deadlock"),
    cases: &[
        Case::Explored {
            scenario: Scenario {
                name: "none",
                title: "No number",
                good: &["nothing"],
                ..Scenario::of(|| squares(&[], gives_at_once))
            },
            must: &[],
            hints: HINTS,
        },
        Case::Explored {
            scenario: Scenario {
                name: "three",
                title: "Three numbers",
                good: &["1 4 9"],
                ..Scenario::of(|| squares(&[1, 2, 3], gives_at_once))
            },
            must: &[],
            hints: HINTS,
        },
        Case::Explored {
            scenario: Scenario {
                name: "four",
                title: "Four numbers",
                good: &["1 4 9 16"],
                ..Scenario::of(|| squares(&[1, 2, 3, 4], gives_at_once))
            },
            must: &[],
            hints: HINTS,
        },
        Case::Explored {
            scenario: Scenario {
                name: "next_first",
                title: "Four numbers, and a worker that takes its next job first",
                good: &["1 4 9 16"],
                ..Scenario::of(|| squares(&[1, 2, 3, 4], takes_the_next_first))
            },
            must: &[],
            hints: &[Hint::on(
                "deadlock",
                "The worker waits for its next job before it gives a square away, and you wait for \
                 the square before you give it a job. It never had more than one.",
            )],
        },
    ],
    without: &[],
};

type Worker = fn(&Receiver<u32>, &SyncSender<u32>) -> usize;

fn squares(numbers: &[u32], work: Worker) -> String {
    let (jobs, jobs_in) = mpsc::sync_channel(1);
    let (results, squares) = mpsc::sync_channel(1);
    let (found, done) = thread::scope(|scope| {
        let worker = thread::Builder::new().name("worker".into());
        let worker = worker.spawn_scoped(scope, move || work(&jobs_in, &results));
        (square_all(numbers, jobs, squares), worker.unwrap().join().unwrap())
    });
    let found = match found[..] {
        [] => return "nothing".into(),
        ref found => found.iter().map(u32::to_string).collect::<Vec<_>>().join(" "),
    };
    match done == numbers.len() {
        true => found,
        false => format!("{found}, but not from the worker"),
    }
}

/// How many squares it has found.
fn gives_at_once(jobs: &Receiver<u32>, squares: &SyncSender<u32>) -> usize {
    let mut done = 0;
    for job in jobs.iter() {
        done += 1;
        // Whoever does not want it has dropped the receiver.
        let _ = squares.send(job * job);
    }
    done
}

fn takes_the_next_first(jobs: &Receiver<u32>, squares: &SyncSender<u32>) -> usize {
    let mut done = 0;
    let mut job = jobs.recv();
    while let Ok(number) = job {
        job = jobs.recv();
        done += 1;
        let _ = squares.send(number * number);
    }
    done
}
