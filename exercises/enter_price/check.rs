//! Two orders, an auditor, and a price that cannot be computed.

use core::sync::atomic as uncounted;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::thread;

use exercise::{Case, Check, Hint, Scenario};

use super::answer::enter;

pub const CHECK: Check = Check {
    starter: ("two_orders", "never each in its place, computed at once"),
    cases: &[
        Case::Explored {
            scenario: Scenario {
                name: "two_orders",
                title: "Two orders, for 30 and 40",
                good: &["each in its place, computed at once", "each in its place"],
                ..Scenario::of(two_orders)
            },
            must: &[(
                "each in its place, computed at once",
                "While a price is computed the ledger is locked. From which word to which does the \
                 lock last? A guard with a name lives until its block ends; of `a.f(b())`, `a` is \
                 evaluated before `b()`.",
            )],
            hints: &[
                Hint::on(
                    "the wrong number",
                    "Between two locks of the same mutex others can lock it. An entry and its \
                     number belong under one.",
                ),
                Hint::on("", "Each of the two prices has to be in the ledger, once."),
            ],
        },
        Case::Explored {
            scenario: Scenario {
                name: "audit",
                title: "An order for 30 while an auditor reads the ledger",
                good: &["nothing yet", "30"],
                ..Scenario::of(audit)
            },
            must: &[],
            hints: &[Hint::on(
                "",
                "The auditor has read an entry whose price is not yet known. A place in the ledger \
                 need not be kept: it costs nothing to take it late.",
            )],
        },
        Case::Explored {
            scenario: Scenario {
                name: "no_price",
                title: "An order whose price cannot be computed, and one for 40",
                good: &["40"],
                ..Scenario::of(no_price)
            },
            must: &[],
            hints: &[Hint::on(
                "panic",
                "A panic under a lock poisons it, and all who come later panic too.",
            )],
        },
    ],
    without: &[],
};

fn two_orders() -> String {
    let ledger = Mutex::new(Vec::new());
    let met = AtomicBool::new(false);
    // No step of its own: who computes follows from where the threads are.
    let computing = uncounted::AtomicUsize::new(0);
    let order = |price| {
        enter(&ledger, || {
            let both = computing.fetch_add(1, Relaxed) == 1;
            // A step, so that the other can begin meanwhile.
            met.fetch_or(both, Relaxed);
            computing.fetch_sub(1, Relaxed);
            price
        })
    };
    let numbers = thread::scope(|scope| {
        let orders = [30, 40].map(|price| scope.spawn(move || order(price)));
        orders.map(|order| order.join().unwrap())
    });
    let ledger = ledger.into_inner().unwrap();
    let place = |number: usize| ledger.get(number).copied();
    match (numbers.map(place), ledger.len(), met.into_inner()) {
        ([Some(30), Some(40)], 2, true) => "each in its place, computed at once",
        ([Some(30), Some(40)], 2, false) => "each in its place",
        (_, 2, _) => "the wrong number",
        _ => "the wrong entries",
    }
    .into()
}

fn audit() -> String {
    let ledger = Mutex::new(Vec::new());
    let read = thread::scope(|scope| {
        scope.spawn(|| enter(&ledger, || 30));
        let auditor = scope.spawn(|| ledger.lock().unwrap().clone());
        auditor.join().unwrap()
    });
    told(&read)
}

fn no_price() -> String {
    let ledger = Mutex::new(Vec::new());
    thread::scope(|scope| {
        let failing = scope.spawn(|| enter(&ledger, || panic!("no such article")));
        let other = scope.spawn(|| enter(&ledger, || 40));
        let _ = failing.join();
        let _ = other.join();
    });
    match ledger.into_inner() {
        Ok(ledger) => told(&ledger),
        Err(_) => "the ledger is poisoned".into(),
    }
}

fn told(ledger: &[u64]) -> String {
    match ledger {
        [] => "nothing yet".into(),
        entries => entries.iter().map(u64::to_string).collect::<Vec<_>>().join(", "),
    }
}
