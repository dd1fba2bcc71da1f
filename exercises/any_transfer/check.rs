//! There and back, to oneself, before an auditor, and past somebody else.

use std::sync::Mutex;
use std::thread;

use exercise::{Case, Check, Hint, Scenario};

use super::answer::transfer;

pub const CHECK: Check = Check {
    starter: ("there_and_back", "deadlock"),
    cases: &[
        Case::Explored {
            scenario: Scenario {
                name: "there_and_back",
                title: "Two transfers in opposite directions",
                good: &["90, 110"],
                ..Scenario::of(there_and_back)
            },
            must: &[],
            hints: &[
                Hint::on(
                    "deadlock",
                    "Each holds the lock that the other needs next. Which rule about the order of \
                     locks would both have to keep, whichever way their money goes?",
                ),
                Hint::on(
                    "livelock",
                    "They no longer wait for each other, but they can take, find the other lock \
                     taken and give back for ever. A rule about the order needs no second try.",
                ),
                Hint::on("", "Both transfers have come back. What did each of them move?"),
            ],
        },
        Case::Explored {
            scenario: Scenario {
                name: "to_itself",
                title: "A transfer from an account to itself",
                good: &["100"],
                ..Scenario::of(|| {
                    let accounts = [Mutex::new(100)];
                    transfer(&accounts, 0, 0, 30);
                    balances(&accounts)
                })
            },
            must: &[],
            hints: &[
                Hint::on("deadlock", "Who holds a mutex and locks it again waits for itself."),
                Hint::on("", "The money came from nowhere, or went there."),
            ],
        },
        Case::Explored {
            scenario: Scenario {
                name: "audit",
                title: "A transfer while an auditor counts, with both locks held",
                good: &["200 counted"],
                ..Scenario::of(audit)
            },
            must: &[],
            hints: &[
                Hint::on(
                    "170 counted",
                    "Between taking and giving no lock was held, and the money was nowhere. Both \
                     balances must change while both are locked.",
                ),
                Hint::on("deadlock", "The auditor locks the lower account first. And you?"),
            ],
        },
        Case::Explored {
            scenario: Scenario {
                name: "past_a_third",
                title: "A transfer while a third account is locked for long",
                good: &["70, 130, 100"],
                ..Scenario::of(past_a_third)
            },
            must: &[],
            hints: &[Hint::on(
                "deadlock",
                "The transfer waits for an account that it does not need. One lock too many is \
                 held here, and with it everybody else is held up.",
            )],
        },
    ],
    without: &[],
};

fn there_and_back() -> String {
    let accounts = [Mutex::new(100), Mutex::new(100)];
    thread::scope(|scope| {
        scope.spawn(|| transfer(&accounts, 0, 1, 30));
        scope.spawn(|| transfer(&accounts, 1, 0, 20));
    });
    balances(&accounts)
}

fn audit() -> String {
    let accounts = [Mutex::new(100), Mutex::new(100)];
    let counted = thread::scope(|scope| {
        scope.spawn(|| transfer(&accounts, 1, 0, 30));
        let auditor = scope.spawn(|| {
            let lower = accounts[0].lock().unwrap();
            let higher = accounts[1].lock().unwrap();
            *lower + *higher
        });
        auditor.join().unwrap()
    });
    format!("{counted} counted")
}

fn past_a_third() -> String {
    let accounts = [Mutex::new(100), Mutex::new(100), Mutex::new(100)];
    let third = accounts[2].lock().unwrap();
    thread::scope(|scope| {
        scope.spawn(|| transfer(&accounts, 0, 1, 30));
    });
    drop(third);
    balances(&accounts)
}

fn balances(accounts: &[Mutex<i64>]) -> String {
    let balances = accounts.iter().map(|account| account.lock().unwrap().to_string());
    balances.collect::<Vec<_>>().join(", ")
}
