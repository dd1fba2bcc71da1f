//! Two payments from a balance for one, a bank that says no, two side by side.

use core::sync::atomic as uncounted;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering::Relaxed};

use exercise::{Case, Check, Hint, Reading, Scenario};
use tokio::task::yield_now;
use tokio::{block_on, join};

use super::answer::Wallet;

const TASKS: Scenario =
    Scenario { worker: "task", reading: Reading::Cooperative, ..Scenario::of(String::new) };

pub const CHECK: Check = Check {
    starter: ("enough_for_one", "paid 2, asked 2, left -10"),
    cases: &[
        Case::Explored {
            scenario: Scenario {
                name: "enough_for_one",
                title: "Two payments of ten from a balance of ten",
                good: &["paid 1, asked 1, left 0"],
                run: enough_for_one,
                ..TASKS
            },
            must: &[],
            hints: &[
                Hint::on(
                    "paid 2, asked 2, left -10",
                    "What was looked at before the await need not be so after it. What could be \
                     done before the await, so that the other task finds the money gone?",
                ),
                Hint::on(
                    "paid 1, asked 2, left 0",
                    "Nobody pays twice, but the bank has said yes to a payment that is then not \
                     made. Promise the money before you ask.",
                ),
                Hint::on(
                    "",
                    "The money was there for one of the two. Was the bank asked about it, and what \
                     did it say?",
                ),
            ],
        },
        Case::Explored {
            scenario: Scenario {
                name: "bank_says_no",
                title: "A payment of ten that the bank does not allow",
                good: &["not paid, left 10"],
                run: bank_says_no,
                ..TASKS
            },
            must: &[],
            hints: &[Hint::on(
                "not paid, left 0",
                "The money was promised for a payment that was not made, and is gone.",
            )],
        },
        Case::Explored {
            scenario: Scenario {
                name: "side_by_side",
                title: "Two payments of ten from a balance of twenty",
                good: &["asked side by side", "asked one by one"],
                run: side_by_side,
                ..TASKS
            },
            must: &[(
                "asked side by side",
                "While one waits for the bank everybody else waits for the one. A lock that is \
                 held across an await holds up all who need it, for as long as the bank likes.",
            )],
            hints: &[],
        },
    ],
    without: &[],
};

fn enough_for_one() -> String {
    let wallet = Wallet::new(10);
    let asked = AtomicI64::new(0);
    let bank = async || {
        asked.fetch_add(1, Relaxed);
        yield_now().await;
        true
    };
    let ((first, second), left) = block_on(async {
        let paid = join!(wallet.pay(10, bank), wallet.pay(10, bank));
        (paid, wallet.balance().await)
    });
    let paid = u8::from(first) + u8::from(second);
    format!("paid {paid}, asked {}, left {left}", asked.into_inner())
}

fn bank_says_no() -> String {
    let wallet = Wallet::new(10);
    let (paid, left) = block_on(async {
        let paid = wallet.pay(10, async || false).await;
        (paid, wallet.balance().await)
    });
    format!("{}, left {left}", if paid { "paid" } else { "not paid" })
}

fn side_by_side() -> String {
    let wallet = Wallet::new(20);
    let met = AtomicBool::new(false);
    // No step of its own: who is being asked follows from where the tasks are.
    let asking = uncounted::AtomicUsize::new(0);
    let bank = async || {
        let both = asking.fetch_add(1, Relaxed) == 1;
        met.fetch_or(both, Relaxed);
        yield_now().await;
        asking.fetch_sub(1, Relaxed);
        true
    };
    let paid = block_on(async { join!(wallet.pay(10, bank), wallet.pay(10, bank)) });
    match (paid, met.into_inner()) {
        ((true, true), true) => "asked side by side",
        ((true, true), false) => "asked one by one",
        _ => "not both paid",
    }
    .into()
}
