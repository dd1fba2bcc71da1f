//! Two tasks that each hold a lock and wait for the other's.

use tokio::sync::Mutex;
use tokio::task::yield_now;

// ANCHOR: source_first
/// Locks the account it takes from, awaits, locks the one it gives to.
pub async fn source_first(accounts: &[Mutex<i64>], from: usize, to: usize, amount: i64) {
    let mut source = accounts[from].lock().await;
    yield_now().await;
    let mut target = accounts[to].lock().await;
    *source -= amount;
    *target += amount;
}
// ANCHOR_END: source_first

// ANCHOR: lower_first
/// Locks the account with the lower number first, whichever way the money goes.
pub async fn lower_first(accounts: &[Mutex<i64>], from: usize, to: usize, amount: i64) {
    let mut lower = accounts[from.min(to)].lock().await;
    yield_now().await;
    let mut higher = accounts[from.max(to)].lock().await;
    let sign = if from < to { 1 } else { -1 };
    *lower -= sign * amount;
    *higher += sign * amount;
}
// ANCHOR_END: lower_first

// ANCHOR: await_first
/// Awaits, then locks both, source first: on one thread, nobody comes between.
pub async fn await_first(accounts: &[Mutex<i64>], from: usize, to: usize, amount: i64) {
    yield_now().await;
    let mut source = accounts[from].lock().await;
    let mut target = accounts[to].lock().await;
    *source -= amount;
    *target += amount;
}
// ANCHOR_END: await_first
