//! Tasks that compute, on a runtime with one thread and on one with several.

use std::future::Future;
use std::sync::Arc;

use tokio::runtime::{Builder, Runtime};
use tokio::task::{spawn, yield_now};

use crate::ledger::{CUSTOMERS, Ledger, Order, Turns, price, turns};

// ANCHOR: task
/// A polite task: it lets the others have a turn after each order.
async fn price_all(orders: Arc<[Order]>) -> (Ledger, Turns) {
    let (mut ledger, mut had) = (vec![0; CUSTOMERS], Vec::new());
    for order in &*orders {
        ledger[order.customer] += price(order);
        had.append(&mut turns());
        yield_now().await;
    }
    (ledger, had)
}

pub async fn a_task_each(parts: Vec<Arc<[Order]>>) -> Vec<(Ledger, Turns)> {
    let tasks: Vec<_> = parts.into_iter().map(|part| spawn(price_all(part))).collect();
    let mut results = Vec::new();
    for task in tasks {
        results.push(task.await.unwrap());
    }
    results
}
// ANCHOR_END: task

// ANCHOR: runtimes
/// Every task on the thread that calls.
pub fn on_one_thread<T>(work: impl Future<Output = T>) -> T {
    let runtime: Runtime = Builder::new_current_thread().build().unwrap();
    runtime.block_on(work)
}

/// Tasks on as many threads as are asked for.
pub fn on_threads<T>(threads: usize, work: impl Future<Output = T>) -> T {
    let runtime: Runtime = Builder::new_multi_thread().worker_threads(threads).build().unwrap();
    runtime.block_on(work)
}
// ANCHOR_END: runtimes
