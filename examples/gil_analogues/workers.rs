//! Orders shared among workers, and when each of them computed.

use std::process::{Command, ExitCode, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use std::{env, io, iter, process, thread};

use anyhow::{Context, ensure};
use taking_turns::{Lane, State};

use crate::ledger::{self, CUSTOMERS, Ledger, Order, Turns, merge, turns};
use crate::{receipts, tasks};

/// What the workers leave behind. Receipts leave no ledger, and a child no turns.
pub struct Done {
    pub ledger: Option<Ledger>,
    pub turns: Vec<Turns>,
}

pub type Way = fn(&[Order], usize) -> anyhow::Result<Done>;

pub fn orders(count: u64) -> Vec<Order> {
    // Every customer's turn comes, and neighbours do not share a lock.
    let customer = |n| (n as usize * 7) % CUSTOMERS;
    (0..count).map(|n| Order { customer: customer(n), article: n }).collect()
}

fn parts(orders: &[Order], workers: usize) -> impl Iterator<Item = &[Order]> {
    orders.chunks(orders.len().div_ceil(workers))
}

// ANCHOR: at_once
/// A thread for each part of the orders.
fn at_once<T: Send>(
    orders: &[Order],
    workers: usize,
    work: impl Fn(&[Order]) -> T + Sync,
) -> Vec<(T, Turns)> {
    let work = &work;
    thread::scope(|scope| {
        let threads: Vec<_> =
            parts(orders, workers).map(|part| scope.spawn(move || (work(part), turns()))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    })
}
// ANCHOR_END: at_once

fn under(work: fn(&[Order], &Mutex<Ledger>), orders: &[Order], workers: usize) -> Done {
    let ledger = Mutex::new(vec![0; CUSTOMERS]);
    let turns = at_once(orders, workers, |part| work(part, &ledger));
    let turns = turns.into_iter().map(|((), turns)| turns).collect();
    Done { ledger: Some(ledger.into_inner().unwrap()), turns }
}

pub fn one_big_lock(orders: &[Order], workers: usize) -> anyhow::Result<Done> {
    Ok(under(ledger::one_big_lock, orders, workers))
}

pub fn price_first(orders: &[Order], workers: usize) -> anyhow::Result<Done> {
    Ok(under(ledger::price_first, orders, workers))
}

/// Parts of the ledger with a lock of their own.
const LOCKS: usize = 16;

pub fn many_locks(orders: &[Order], workers: usize) -> anyhow::Result<Done> {
    let parts: Vec<_> = iter::repeat_with(|| Mutex::new(vec![0; CUSTOMERS])).take(LOCKS).collect();
    let turns = at_once(orders, workers, |orders| ledger::many_locks(orders, &parts));
    let parts = parts.into_iter().map(|part| part.into_inner().unwrap()).collect();
    let turns = turns.into_iter().map(|((), turns)| turns).collect();
    Ok(Done { ledger: Some(merge(parts)), turns })
}

pub fn own_ledgers(orders: &[Order], workers: usize) -> anyhow::Result<Done> {
    let (ledgers, turns) = at_once(orders, workers, ledger::own_ledger).into_iter().unzip();
    Ok(Done { ledger: Some(merge(ledgers)), turns })
}

pub fn tasks_on_one_thread(orders: &[Order], workers: usize) -> anyhow::Result<Done> {
    let parts: Vec<Arc<[Order]>> = parts(orders, workers).map(Arc::from).collect();
    let (ledgers, turns) = tasks::on_one_thread(tasks::a_task_each(parts)).into_iter().unzip();
    Ok(Done { ledger: Some(merge(ledgers)), turns })
}

pub fn tasks_on_a_pool(orders: &[Order], workers: usize) -> anyhow::Result<Done> {
    let parts: Vec<Arc<[Order]>> = parts(orders, workers).map(Arc::from).collect();
    let done = tasks::on_threads(workers, tasks::a_task_each(parts));
    let (ledgers, turns) = done.into_iter().unzip();
    Ok(Done { ledger: Some(merge(ledgers)), turns })
}

pub fn format_inside(orders: &[Order], workers: usize) -> anyhow::Result<Done> {
    in_a_child("inside", orders, workers)
}

pub fn format_before(orders: &[Order], workers: usize) -> anyhow::Result<Done> {
    in_a_child("before", orders, workers)
}

/// Set for a child alone: which receipts it prints, how many, by how many workers.
const RECEIPTS: &str = "GIL_ANALOGUES_RECEIPTS";

/// Prints receipts in a child whose output goes nowhere: ours is the report's.
fn in_a_child(what: &str, orders: &[Order], workers: usize) -> anyhow::Result<Done> {
    let mut child = Command::new(env::current_exe()?)
        .env(RECEIPTS, format!("{what} {} {workers}", orders.len()))
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .context("cannot start this program once more")?;
    let held_open = child.stdin.take();
    let status = child.wait()?;
    drop(held_open);
    ensure!(status.success(), "the child that prints receipts ended with {status}");
    Ok(Done { ledger: None, turns: Vec::new() })
}

/// The whole life of such a child, if this is one.
pub fn child() -> Option<ExitCode> {
    let what = env::var(RECEIPTS).ok()?;
    let [what, count, workers] = what.split(' ').collect::<Vec<_>>().try_into().ok()?;
    let print = if what == "inside" { receipts::format_inside } else { receipts::format_before };
    // Its input ends when its parent does, and then nobody needs it any more.
    thread::spawn(|| {
        let _ = io::copy(&mut io::stdin(), &mut io::sink());
        process::exit(1)
    });
    at_once(&orders(count.parse().ok()?), workers.parse().ok()?, print);
    Some(ExitCode::SUCCESS)
}

/// Gaps shorter than this between two prices are no waiting.
const MOMENT: Duration = Duration::from_micros(30);

/// A lane for each worker. Between two turns all that it did was to wait for
/// what `waits` says; if it says nothing, there was nothing to wait for but a core.
pub fn lanes(variant: &str, began: Instant, turns: &[Turns], waits: Option<State>) -> Vec<Lane> {
    let time = |instant: Instant| (instant - began).as_secs_f64();
    let lane = |(turns, number): (&Turns, usize)| {
        let mut spans: Vec<(f64, f64, State)> = Vec::new();
        let mut last = began;
        for &(from, to) in turns {
            match spans.last_mut() {
                Some(span) if from - last < MOMENT => span.1 = time(to),
                _ => {
                    spans.extend(waits.map(|state| (time(last), time(from), state)));
                    spans.push((time(from), time(to), State::Running));
                }
            }
            last = to;
        }
        Lane { variant: variant.to_owned(), name: number.to_string(), spans }
    };
    turns.iter().zip(1..).map(lane).collect()
}
