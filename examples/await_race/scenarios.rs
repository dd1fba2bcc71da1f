//! Races and a deadlock on one thread, where tasks are left only at an await.

mod transfer;
mod wallet;

use std::sync::atomic::AtomicI64;

use interleave::{Reading, Scenario, Source, sources};
use tokio::sync::Mutex;
use tokio::{block_on, join};

pub const SOURCES: &[Source] = sources!["wallet.rs", "transfer.rs", "scenarios.rs"];

const DEPOSITS: Scenario =
    Scenario { goal: ("10", "lose a deposit"), good: &["20"], bad: &["10"], ..TASKS };

const PAYMENTS: Scenario = Scenario {
    goal: ("paid twice", "pay twice from a balance that is enough for once"),
    good: &["paid once"],
    bad: &["paid twice"],
    ..TASKS
};

const TRANSFERS: Scenario = Scenario {
    goal: ("deadlock", "let both wait for ever"),
    good: &["90, 110"],
    bad: &["deadlock"],
    ..TASKS
};

const TASKS: Scenario =
    Scenario { worker: "task", reading: Reading::Cooperative, ..Scenario::of(String::new) };

pub const SCENARIOS: &[Scenario] = &[
    Scenario {
        name: "deposit_across",
        title: "Two deposits with an await between read and write",
        run: || deposits(async |balance| wallet::deposit_across(balance, 10).await),
        ..DEPOSITS
    },
    Scenario {
        name: "deposit_after",
        title: "Two deposits with the await moved out of the way",
        goal: ("10", "lose a deposit, if you can"),
        run: || deposits(async |balance| wallet::deposit_after(balance, 10).await),
        ..DEPOSITS
    },
    Scenario {
        name: "deposit_locked",
        title: "Two deposits with the await under a lock",
        bad: &[],
        run: || {
            let balance = Mutex::new(0);
            let deposit = || wallet::deposit_locked(&balance, 10);
            block_on(async { join!(deposit(), deposit()) });
            balance.into_inner().to_string()
        },
        ..DEPOSITS
    },
    Scenario {
        name: "pay_across",
        title: "Two payments with an await between check and payment",
        run: || payments(async |balance| wallet::pay_across(balance, 10).await),
        ..PAYMENTS
    },
    Scenario {
        name: "pay_after",
        title: "Two payments with the await moved out of the way",
        goal: ("paid twice", "pay twice, if you can"),
        run: || payments(async |balance| wallet::pay_after(balance, 10).await),
        ..PAYMENTS
    },
    Scenario {
        name: "pay_locked",
        title: "Two payments with the await under a lock",
        bad: &[],
        run: || {
            let balance = Mutex::new(10);
            let pay = || wallet::pay_locked(&balance, 10);
            match block_on(async { join!(pay(), pay()) }) {
                (true, true) => "paid twice".into(),
                _ => "paid once".into(),
            }
        },
        ..PAYMENTS
    },
    Scenario {
        name: "two_orders",
        title: "Two transfers in opposite directions, each locking its source first",
        run: || {
            let accounts = [Mutex::new(100), Mutex::new(100)];
            let there = transfer::source_first(&accounts, 0, 1, 30);
            let back = transfer::source_first(&accounts, 1, 0, 20);
            block_on(async { join!(there, back) });
            balances(accounts)
        },
        ..TRANSFERS
    },
    Scenario {
        name: "one_order",
        title: "Two transfers in opposite directions, both locking the lower account first",
        bad: &[],
        run: || {
            let accounts = [Mutex::new(100), Mutex::new(100)];
            let there = transfer::lower_first(&accounts, 0, 1, 30);
            let back = transfer::lower_first(&accounts, 1, 0, 20);
            block_on(async { join!(there, back) });
            balances(accounts)
        },
        ..TRANSFERS
    },
    Scenario {
        name: "await_first",
        title: "Two transfers in opposite directions, with the await before both locks",
        goal: ("deadlock", "let both wait for ever, if you can"),
        run: || {
            let accounts = [Mutex::new(100), Mutex::new(100)];
            let there = transfer::await_first(&accounts, 0, 1, 30);
            let back = transfer::await_first(&accounts, 1, 0, 20);
            block_on(async { join!(there, back) });
            balances(accounts)
        },
        ..TRANSFERS
    },
];

fn deposits(deposit: impl AsyncFn(&AtomicI64)) -> String {
    let balance = AtomicI64::new(0);
    block_on(async { join!(deposit(&balance), deposit(&balance)) });
    balance.into_inner().to_string()
}

fn payments(pay: impl AsyncFn(&AtomicI64) -> bool) -> String {
    let balance = AtomicI64::new(10);
    match block_on(async { join!(pay(&balance), pay(&balance)) }) {
        (true, true) => "paid twice".into(),
        _ => "paid once".into(),
    }
}

fn balances(accounts: [Mutex<i64>; 2]) -> String {
    accounts.map(|account| account.into_inner().to_string()).join(", ")
}
