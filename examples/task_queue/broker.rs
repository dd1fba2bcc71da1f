//! What is asked of a broker. `on_sqlite.rs` and `on_redis.rs` answer.

use std::fmt;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::Result;
use apalis::prelude::TaskId;
use tokio::sync::watch;
use ulid::Ulid;

use crate::jobs::{Desk, Payload};

/// A worker looks for jobs this often. Without an interval of its own it looks
/// again at its next heartbeat.
pub const POLL: Duration = Duration::from_millis(25);

/// A worker says that it lives this often. Both brokers count whole seconds.
pub const HEARTBEAT: Duration = Duration::from_secs(1);

/// A worker that missed this many heartbeats is taken for dead, and its jobs
/// are given to others.
pub const MISSED: usize = 3;

/// A job on its way to the broker.
#[derive(Clone, Debug)]
pub struct Order {
    /// Chosen by who orders: pushing returns none, and without one no result
    /// is found again.
    pub id: Ulid,
    /// What it asks for.
    pub payload: Payload,
    /// Where it goes.
    pub queue: &'static str,
    /// Not to be started before, in whole seconds since 1970.
    pub due: Option<u64>,
    /// Of several orders with the same key the broker keeps one.
    pub once: Option<String>,
}

impl Order {
    /// A job for its own queue, at once.
    pub fn of(job: crate::jobs::Job) -> Order {
        Order { id: Ulid::generate(), queue: job.queue(), payload: Ok(job), due: None, once: None }
    }
}

/// How many jobs of a queue are where.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// For a worker, for their time, or for their next try.
    pub waiting: u64,
    /// In the hands of a worker.
    pub running: u64,
    /// Have a result.
    pub done: u64,
    /// Are not tried any more.
    pub failed: u64,
}

/// A job that is not tried any more.
#[derive(Clone, Debug)]
pub struct Failed {
    /// The order's.
    pub id: Ulid,
    /// Why the last try failed.
    pub cause: String,
}

/// A broker that keeps jobs, and what became of them, outside of the program.
pub trait Broker: Clone + Send + Sync + fmt::Debug + 'static {
    /// Returns when the broker has the job.
    fn push(&self, order: Order) -> impl Future<Output = Result<()>> + Send;

    /// A worker of one queue, until `stop` is true or the broker is lost.
    fn work(
        &self,
        name: &str,
        desk: Desk<Self>,
        stop: watch::Receiver<bool>,
    ) -> impl Future<Output = Result<()>> + Send;

    /// Called after a failed try: the next one comes so many seconds later.
    fn back_off(&self, id: &TaskId, seconds: u64) -> impl Future<Output = Result<()>> + Send;

    /// What a job gave, or why it failed; nothing while it may yet be tried.
    fn result(
        &self,
        queue: &str,
        id: Ulid,
    ) -> impl Future<Output = Result<Option<Result<String, String>>>> + Send;

    /// What is not tried any more.
    fn failed(&self, queue: &str) -> impl Future<Output = Result<Vec<Failed>>> + Send;

    /// Has a failed job tried again from the beginning.
    fn put_back(&self, queue: &str, id: Ulid) -> impl Future<Output = Result<()>> + Send;

    /// What the monitor shows.
    fn counts(&self, queue: &str) -> impl Future<Output = Result<Counts>> + Send;

    /// Removes all that is kept of these queues.
    fn forget(&self, queues: &[&str]) -> impl Future<Output = Result<()>> + Send;

    /// Returns when nothing of ours holds the broker any more.
    fn close(&self) -> impl Future<Output = ()> + Send;
}

/// Whole seconds since 1970, as both brokers count them.
pub fn seconds(time: SystemTime) -> u64 {
    time.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

/// Resolves when `stop` becomes true.
pub async fn stopped(mut stop: watch::Receiver<bool>) -> std::io::Result<()> {
    // An error says that nobody is left who could tell us to stop.
    let _ = stop.wait_for(|&stop| stop).await;
    Ok(())
}

/// The cause of an abort without the words that the library puts before it.
pub fn cause(error: String) -> String {
    error.strip_prefix("AbortError: ").map(str::to_owned).unwrap_or(error)
}
