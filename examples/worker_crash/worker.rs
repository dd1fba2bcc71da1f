//! Orders in a stream of Redis, and a worker that carries them out.

use std::collections::HashMap;
use std::time::{SystemTime, UNIX_EPOCH};

use redis::{Connection, RedisResult, Value, cmd};

/// The stream, and the group of workers that share it.
const ORDERS: &str = "orders";
const WORKERS: &str = "workers";

/// An idle worker waits this long for an order before it looks for orphans.
const WAIT_MS: usize = 20;

/// An entry of the stream: its ID, and its fields.
type Entry = (String, HashMap<String, String>);

/// An order in the hands of a worker.
#[derive(Clone, Debug)]
pub struct Order {
    entry: String,
    pub number: u64,
    /// Taken from a worker that was silent.
    pub orphan: bool,
}

/// A worker is halted at one of these moments, so that it can be killed there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    BeforeTheEffect,
    BeforeTheReport,
}

// ANCHOR: hand_in
/// Whoever comes first makes the stream and its group.
pub fn open(redis: &mut Connection) -> RedisResult<()> {
    let group = cmd("XGROUP").arg(&["CREATE", ORDERS, WORKERS, "0", "MKSTREAM"]).query(redis);
    group.or_else(|error| if error.code() == Some("BUSYGROUP") { Ok(()) } else { Err(error) })
}

/// The server answers when the order is in its append-only file.
pub fn hand_in(redis: &mut Connection, number: u64) -> RedisResult<()> {
    cmd("XADD").arg(&[ORDERS, "*", "number"]).arg(number).query(redis)
}
// ANCHOR_END: hand_in

// ANCHOR: take
/// An order whose worker has been silent for longer than the lease; else the
/// next that nobody has. Redis notes for each who has it, and since when.
pub fn take(redis: &mut Connection, me: &str, lease_ms: u64) -> RedisResult<Option<Order>> {
    let mut from = "0-0".to_owned();
    loop {
        let (next, orphans, _): (String, Vec<Entry>, Value) = cmd("XAUTOCLAIM")
            .arg(&[ORDERS, WORKERS, me])
            .arg(lease_ms)
            .arg(&[&from, "COUNT", "1"])
            .query(redis)?;
        if let Some(order) = orphans.into_iter().next().map(|entry| Order::of(entry, true)) {
            // For the experiment: when it was taken up.
            () = cmd("HSETNX").arg("taken up").arg(order.number).arg(now()).query(redis)?;
            return Ok(Some(order));
        }
        // It has looked at ten orders at most: an orphan may stand behind them.
        if next == "0-0" {
            break;
        }
        from = next;
    }
    let fresh: Option<Vec<(String, Vec<Entry>)>> = cmd("XREADGROUP")
        .arg(&["GROUP", WORKERS, me, "COUNT", "1", "BLOCK"])
        .arg(WAIT_MS)
        .arg(&["STREAMS", ORDERS, ">"])
        .query(redis)?;
    let entries = fresh.into_iter().flatten().flat_map(|(_, entries)| entries);
    Ok(entries.map(|entry| Order::of(entry, false)).next())
}
// ANCHOR_END: take

// ANCHOR: carry_out
/// Charges a customer, and reports that it is done. Between any two lines the
/// worker may end.
pub fn carry_out(
    redis: &mut Connection,
    me: &str,
    order: &Order,
    mut at: impl FnMut(Moment),
) -> RedisResult<()> {
    () = cmd("HINCRBY").arg("started").arg(order.number).arg(1).query(redis)?;
    at(Moment::BeforeTheEffect);
    // Adds to what the customer was charged.
    () = cmd("HINCRBY").arg("charged").arg(order.number).arg(1).query(redis)?;
    // Does nothing if this order was paid already.
    () = cmd("HSETNX").arg("paid").arg(order.number).arg(me).query(redis)?;
    at(Moment::BeforeTheReport);
    cmd("XACK").arg(&[ORDERS, WORKERS, &order.entry]).query(redis)
}
// ANCHOR_END: carry_out

impl Order {
    fn of((entry, fields): Entry, orphan: bool) -> Order {
        let number = fields.get("number").and_then(|number| number.parse().ok());
        Order { entry, number: number.unwrap_or_default(), orphan }
    }
}

/// How many orders are in the hands of a worker.
pub fn in_hand(redis: &mut Connection) -> RedisResult<u64> {
    let (count, _, _, _): (u64, Value, Value, Value) =
        cmd("XPENDING").arg(&[ORDERS, WORKERS]).query(redis)?;
    Ok(count)
}

/// Seconds since 1970.
pub fn now() -> f64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0.0, |since| since.as_secs_f64())
}
