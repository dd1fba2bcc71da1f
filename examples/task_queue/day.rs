//! One day of a small shop: jobs are ordered, the program ends, and another
//! one carries them out.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant, SystemTime};

use anyhow::{Result, ensure};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{sleep, sleep_until};
use ulid::Ulid;

use crate::broker::{Broker, Counts, Failed, Order, seconds};
use crate::jobs::{Desk, Job, MailServer, Try};
use crate::monitor::Board;

/// Each has a worker.
pub const QUEUES: [&str; 3] = ["mail", "thumbnails", "reports"];

/// Two schedulers wake in each of so many seconds, and order one report.
pub const PERIODS: u64 = 2;

/// A day takes some three seconds here. One that takes this long is given up.
const CLOSING_TIME: Duration = Duration::from_secs(60);

/// What a day left behind.
#[derive(Debug)]
pub struct Day {
    /// When the workers were started.
    pub began: SystemTime,
    /// All orders, those of the schedulers last.
    pub accepted: Vec<Order>,
    /// How long the broker took to accept the first ones.
    pub pushing: Duration,
    /// In the order in which they ended.
    pub tries: Vec<Try>,
    /// What was listed as failed before it was put back.
    pub failed: Vec<Failed>,
    /// Which of them were.
    pub put_back: Vec<Ulid>,
    /// Read by their IDs, over a connection of its own.
    pub results: BTreeMap<Ulid, Option<Result<String, String>>>,
    /// What the monitor showed when no job was left to try.
    pub board: Vec<(&'static str, Counts)>,
    /// Workers that lost their broker and were started anew, and why.
    pub mishaps: Vec<String>,
}

/// The orders of a day, `plain` in each queue besides the odd ones.
pub fn orders(plain: u64) -> Vec<Order> {
    let letter = |to: String| Order::of(Job::Letter { to });
    let mut orders = vec![
        letter("twice@example.org".to_owned()),
        letter("closed@example.org".to_owned()),
        Order::of(Job::Endless),
        Order { payload: Err("a fax".to_owned()), ..letter(String::new()) },
        // A full second from now at least, for a due time is a whole second.
        Order {
            due: Some(seconds(SystemTime::now()) + 2),
            ..Order::of(Job::Report { period: "this month".to_owned() })
        },
    ];
    for number in 0..plain {
        orders.push(letter(format!("{number}@example.org")));
        orders.push(Order::of(Job::Thumbnail { of: number }));
        orders.push(Order::of(Job::Report { period: format!("day {number}") }));
    }
    orders
}

// ANCHOR: day
/// Lives through a day with `plain` plain jobs in each queue.
pub async fn day<B: Broker>(
    open: impl AsyncFn() -> Result<B>,
    plain: u64,
    show: Board,
) -> Result<Day> {
    // One program orders, and ends.
    let shop = open().await?;
    let start = Instant::now();
    let mut accepted = orders(plain);
    for order in &accepted {
        shop.push(order.clone()).await?;
    }
    let pushing = start.elapsed();
    shop.close().await;
    drop(shop);

    // Another starts a worker for each queue, and two schedulers.
    let (broker, began) = (open().await?, SystemTime::now());
    let (server, log) = (Arc::new(MailServer::default()), Arc::new(Mutex::new(Vec::new())));
    let (stop, stopping) = watch::channel(false);
    let mut workers = JoinSet::new();
    for queue in QUEUES {
        let (broker, server, log) = (broker.clone(), server.clone(), log.clone());
        workers.spawn(keep_working(Desk { queue, broker, server, log }, stopping.clone()));
    }
    let (one, other) = tokio::join!(schedule(&broker), schedule(&broker));
    accepted.extend([one?, other?].concat());

    // What has failed for good is listed; the cause is mended; it is put back.
    let board = all_tried(&broker, &show).await?;
    let mut failed = Vec::new();
    for queue in QUEUES {
        failed.extend(broker.failed(queue).await?);
    }
    server.repair();
    let mut put_back = Vec::new();
    for job in failed.iter().filter(|job| job.cause.contains("no such box")) {
        broker.put_back("mail", job.id).await?;
        put_back.push(job.id);
    }
    all_tried(&broker, &show).await?;

    stop.send(true)?;
    let mishaps = workers.join_all().await.concat();
    broker.close().await;
    drop(broker);

    // A third asks what became of them.
    let reader = open().await?;
    let mut results = BTreeMap::new();
    for order in &accepted {
        results.insert(order.id, reader.result(order.queue, order.id).await?);
    }
    reader.forget(&QUEUES).await?;
    reader.close().await;
    let tries = std::mem::take(&mut *log.lock().unwrap());
    Ok(Day { began, accepted, pushing, tries, failed, put_back, results, board, mishaps })
}
// ANCHOR_END: day

// ANCHOR: keep_working
/// A worker of apalis ends with the first error of its broker. Another takes
/// its place, under another name: the old one is taken until it is given up.
pub(crate) async fn keep_working<B: Broker>(
    desk: Desk<B>,
    stop: watch::Receiver<bool>,
) -> Vec<String> {
    let mut mishaps = Vec::new();
    loop {
        let name = format!("{}-{}", desk.queue, Ulid::generate());
        match desk.broker.work(&name, desk.clone(), stop.clone()).await {
            Ok(()) => return mishaps,
            Err(error) => mishaps.push(format!("worker {name}: {error:#}")),
        }
        if *stop.borrow() {
            return mishaps;
        }
        sleep(Duration::from_millis(200)).await;
    }
}
// ANCHOR_END: keep_working

// ANCHOR: schedule
/// One of two schedulers, which know nothing of each other. Both order the
/// report of each second; the key makes one order of two.
async fn schedule<B: Broker>(broker: &B) -> Result<Vec<Order>> {
    let (now, mut orders) = (seconds(SystemTime::now()), Vec::new());
    for period in now..now + PERIODS {
        let begins = SystemTime::UNIX_EPOCH + Duration::from_secs(period);
        let wait = begins.duration_since(SystemTime::now()).unwrap_or_default();
        sleep_until((Instant::now() + wait).into()).await;
        let order = Order {
            once: Some(format!("report of second {period}")),
            ..Order::of(Job::Report { period: format!("second {period}") })
        };
        broker.push(order.clone()).await?;
        orders.push(order);
    }
    Ok(orders)
}
// ANCHOR_END: schedule

/// Looks until every queue has nothing to do, and shows what it sees.
async fn all_tried<B: Broker>(broker: &B, show: &Board) -> Result<Vec<(&'static str, Counts)>> {
    let begun = Instant::now();
    loop {
        let mut board = Vec::new();
        for queue in QUEUES {
            board.push((queue, broker.counts(queue).await?));
        }
        *show.lock().unwrap() = board.clone();
        if board.iter().all(|(_, counts)| counts.waiting + counts.running == 0) {
            return Ok(board);
        }
        ensure!(begun.elapsed() < CLOSING_TIME, "jobs were left at closing time: {board:?}");
        sleep(Duration::from_millis(20)).await;
    }
}

/// What a test of any broker expects: bytes that are no job fail, can be put
/// back, and fail again, and the letter behind them is delivered.
#[cfg(test)]
pub(crate) async fn what_is_no_job_is_put_back_and_fails_again<B: Broker>(broker: B) {
    let letter = || Order::of(Job::Letter { to: "ann@example.org".to_owned() });
    let fax = Order { payload: Err("a fax".to_owned()), ..letter() };
    let (id, log) = (fax.id, Arc::new(Mutex::new(Vec::new())));
    broker.push(fax).await.unwrap();
    let (stop, stopping) = watch::channel(false);
    let server = Arc::new(MailServer::default());
    let desk = Desk { queue: "mail", broker: broker.clone(), server, log: log.clone() };
    let worker = tokio::spawn(keep_working(desk, stopping));
    for tries in 1..=2 {
        let failed = loop {
            let failed = broker.failed("mail").await.unwrap();
            if log.lock().unwrap().len() == tries && !failed.is_empty() {
                break failed;
            }
            sleep(Duration::from_millis(10)).await;
        };
        assert_eq!((failed.len(), failed[0].id), (1, id));
        assert!(failed[0].cause.starts_with("cannot be read: "), "{}", failed[0].cause);
        if tries == 1 {
            broker.put_back("mail", id).await.unwrap();
        }
    }
    let behind = letter();
    broker.push(behind.clone()).await.unwrap();
    while broker.result("mail", behind.id).await.unwrap().is_none() {
        sleep(Duration::from_millis(10)).await;
    }
    stop.send(true).unwrap();
    assert_eq!(worker.await.unwrap(), Vec::<String>::new());
}
