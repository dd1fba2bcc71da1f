//! Orders are priced, which takes a while, and booked, which does not.

use std::cell::RefCell;
use std::hint::black_box;
use std::sync::Mutex;
use std::time::Instant;

#[derive(Clone, Copy, Debug)]
pub struct Order {
    pub customer: usize,
    pub article: u64,
}

/// What every customer owes.
pub type Ledger = Vec<u64>;

pub const CUSTOMERS: usize = 64;

// ANCHOR: one_big_lock
/// The ledger is locked, an order is priced and booked, the ledger is free.
pub fn one_big_lock(orders: &[Order], ledger: &Mutex<Ledger>) {
    for order in orders {
        let mut ledger = ledger.lock().unwrap();
        ledger[order.customer] += price(order);
    }
}
// ANCHOR_END: one_big_lock

// ANCHOR: price_first
/// The same lock, taken when there is something to write.
pub fn price_first(orders: &[Order], ledger: &Mutex<Ledger>) {
    for order in orders {
        let price = price(order);
        let mut ledger = ledger.lock().unwrap();
        ledger[order.customer] += price;
    }
}
// ANCHOR_END: price_first

// ANCHOR: many_locks
/// A lock for each of several parts of the ledger, held as long as the big one.
pub fn many_locks(orders: &[Order], parts: &[Mutex<Ledger>]) {
    for order in orders {
        let mut part = parts[order.customer % parts.len()].lock().unwrap();
        part[order.customer] += price(order);
    }
}
// ANCHOR_END: many_locks

// ANCHOR: own_ledger
/// No lock: a ledger for each worker. Whoever has them all adds them up.
pub fn own_ledger(orders: &[Order]) -> Ledger {
    let mut ledger = vec![0; CUSTOMERS];
    for order in orders {
        ledger[order.customer] += price(order);
    }
    ledger
}

pub fn merge(ledgers: Vec<Ledger>) -> Ledger {
    let mut all = vec![0; CUSTOMERS];
    for ledger in ledgers {
        all.iter_mut().zip(ledger).for_each(|(sum, part)| *sum += part);
    }
    all
}
// ANCHOR_END: own_ledger

// ANCHOR: price
/// Rounds of arithmetic in a price: a quarter of a millisecond.
const ROUNDS: u64 = 200_000;

/// Work for a processor, and for nobody else. Each thread notes when it did it.
pub fn price(order: &Order) -> u64 {
    let began = Instant::now();
    let mut price = order.article;
    for _ in 0..ROUNDS {
        price = black_box(price.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1));
    }
    TURNS.with_borrow_mut(|turns| turns.push((began, Instant::now())));
    price % 100
}
// ANCHOR_END: price

/// From when to when somebody computed.
pub type Turns = Vec<(Instant, Instant)>;

thread_local! {
    static TURNS: RefCell<Turns> = const { RefCell::new(Vec::new()) };
}

/// When this thread computed, since it was last asked.
pub fn turns() -> Turns {
    TURNS.take()
}
