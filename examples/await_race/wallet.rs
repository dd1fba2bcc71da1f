//! A balance that several tasks change, with an await on the way.

use std::sync::atomic::{AtomicI64, Ordering::Relaxed};
use tokio::sync::Mutex;
use tokio::task::yield_now;

// ANCHOR: deposit_across
/// Reads, awaits, writes: another task may write in between.
pub async fn deposit_across(balance: &AtomicI64, amount: i64) {
    let seen = balance.load(Relaxed);
    yield_now().await;
    balance.store(seen + amount, Relaxed);
}
// ANCHOR_END: deposit_across

// ANCHOR: deposit_after
/// Awaits, then reads and writes.
pub async fn deposit_after(balance: &AtomicI64, amount: i64) {
    yield_now().await;
    let seen = balance.load(Relaxed);
    balance.store(seen + amount, Relaxed);
}
// ANCHOR_END: deposit_after

// ANCHOR: deposit_locked
/// Reads, awaits, writes, and holds a lock all the while.
pub async fn deposit_locked(balance: &Mutex<i64>, amount: i64) {
    let mut balance = balance.lock().await;
    let seen = *balance;
    yield_now().await;
    *balance = seen + amount;
}
// ANCHOR_END: deposit_locked

// ANCHOR: pay_across
/// Checks, awaits, pays: what was checked may no longer hold.
pub async fn pay_across(balance: &AtomicI64, price: i64) -> bool {
    if balance.load(Relaxed) < price {
        return false;
    }
    yield_now().await;
    balance.fetch_sub(price, Relaxed);
    true
}
// ANCHOR_END: pay_across

// ANCHOR: pay_after
/// Awaits, then checks and pays.
pub async fn pay_after(balance: &AtomicI64, price: i64) -> bool {
    yield_now().await;
    if balance.load(Relaxed) < price {
        return false;
    }
    balance.fetch_sub(price, Relaxed);
    true
}
// ANCHOR_END: pay_after

// ANCHOR: pay_locked
/// Checks, awaits, pays, and holds a lock all the while.
pub async fn pay_locked(balance: &Mutex<i64>, price: i64) -> bool {
    let mut balance = balance.lock().await;
    if *balance < price {
        return false;
    }
    yield_now().await;
    *balance -= price;
    true
}
// ANCHOR_END: pay_locked
