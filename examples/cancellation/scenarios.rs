//! A task that is aborted, wherever it is.

mod transfer;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering::Relaxed};

use interleave::{Reading, Scenario, Source, sources};
use tokio::{block_on, spawn};

pub const SOURCES: &[Source] = sources!["transfer.rs", "scenarios.rs"];

const ABORTED: Scenario = Scenario {
    worker: "task",
    reading: Reading::Cooperative,
    good: &["200"],
    ..Scenario::of(String::new)
};

pub const SCENARIOS: &[Scenario] = &[
    Scenario {
        name: "across",
        title: "A transfer that is aborted",
        goal: ("170", "lose the money on its way"),
        bad: &["170"],
        run: || aborted(|accounts| transfer::across(accounts, 30)),
        ..ABORTED
    },
    Scenario {
        name: "undone",
        title: "A transfer that gives back what it took when it is aborted",
        goal: ("170", "lose the money, if you can"),
        run: || aborted(|accounts| transfer::undone(accounts, 30)),
        ..ABORTED
    },
];

/// Two accounts of 100, a transfer that is aborted, and what they hold together afterwards.
fn aborted<F>(transfer: fn(Arc<[AtomicI64; 2]>) -> F) -> String
where
    F: Future<Output = ()> + Send + 'static,
{
    let accounts = Arc::new([AtomicI64::new(100), AtomicI64::new(100)]);
    block_on(async {
        let task = spawn(transfer(Arc::clone(&accounts)));
        task.abort();
        let _ = task.await;
    });
    let held: i64 = accounts.iter().map(|account| account.load(Relaxed)).sum();
    held.to_string()
}
