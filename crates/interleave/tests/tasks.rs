//! The tokio names, in programs small enough to count by hand.

extern crate interleave as std;

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

use interleave::tokio::{block_on, join, spawn, sync, task, time};
use interleave::{Graph, Reading, Scenario};

fn explore(run: fn() -> String) -> Graph {
    Scenario { worker: "task", ..Scenario::of(run) }.explore(&[]).unwrap()
}

fn outcomes(graph: &Graph) -> Vec<&str> {
    graph.outcomes.iter().map(|outcome| outcome.text.as_str()).collect()
}

fn count(graph: &Graph, outcome: &str, reading: Reading) -> String {
    let outcome = graph.outcome_called(outcome).unwrap();
    let reached = match reading {
        Reading::Preemptive => &outcome.preemptive,
        Reading::Cooperative => &outcome.cooperative,
    };
    reached.schedules.clone().unwrap()
}

#[test]
fn spawned_tasks_return_their_values() {
    let graph = explore(|| {
        block_on(async {
            let tasks = [spawn(async { 1 }), spawn(async { 2 })];
            let mut sum = 0;
            for task in tasks {
                sum += task.await.unwrap();
            }
            sum.to_string()
        })
    });
    assert_eq!(outcomes(&graph), ["3"]);
}

#[test]
fn a_panic_in_a_task_is_what_awaiting_it_returns() {
    let graph = explore(|| {
        block_on(async {
            let task = spawn(async { panic!("no") });
            let error: task::JoinError = task.await.map(|(): ()| ()).unwrap_err();
            (error.is_panic(), error.is_cancelled())
        })
        .0
        .to_string()
    });
    assert_eq!(outcomes(&graph), ["true"]);
}

#[test]
fn a_set_gives_its_tasks_in_the_order_of_their_ends() {
    let graph = explore(|| {
        let counter = Arc::new(AtomicU32::new(0));
        block_on(async {
            let mut tasks = task::JoinSet::new();
            for number in 1..=2 {
                let counter = counter.clone();
                tasks.spawn(async move {
                    counter.fetch_add(1, Relaxed);
                    number
                });
            }
            let mut ended = vec![];
            while let Some(number) = tasks.join_next().await {
                ended.push(number.unwrap());
            }
            format!("{ended:?}")
        })
    });
    assert_eq!(outcomes(&graph), ["[1, 2]", "[2, 1]"]);
}

#[test]
fn tasks_end_with_their_set() {
    let graph = explore(|| {
        let counter = Arc::new(AtomicU32::new(0));
        let mut tasks = task::JoinSet::new();
        let other = counter.clone();
        tasks.spawn(async move { other.fetch_add(1, Relaxed) });
        drop(tasks);
        counter.load(Relaxed).to_string()
    });
    assert_eq!(outcomes(&graph), ["0"]);
}

#[test]
fn an_aborted_task_ends_where_it_waits() {
    let graph = explore(|| {
        block_on(async {
            let (sender, receiver) = sync::oneshot::channel::<u32>();
            let task = spawn(async move { receiver.await.unwrap() });
            task.abort();
            let cancelled = task.await.unwrap_err().is_cancelled();
            drop(sender);
            cancelled.to_string()
        })
    });
    assert_eq!(outcomes(&graph), ["true"]);
}

#[test]
fn a_semaphore_admits_as_many_as_it_has_permits() {
    let graph = explore(|| {
        let (permits, inside) = (sync::Semaphore::new(1), AtomicU32::new(0));
        let enter = async || {
            let _permit = permits.acquire().await.unwrap();
            assert_eq!(inside.fetch_add(1, Relaxed), 0);
            task::yield_now().await;
            inside.fetch_sub(1, Relaxed);
        };
        block_on(async { join!(enter(), enter()) });
        "one at a time".into()
    });
    assert_eq!(outcomes(&graph), ["one at a time"]);
}

#[test]
fn a_cell_is_filled_once_and_who_comes_meanwhile_waits() {
    let graph = explore(|| {
        let (cell, fetched) = (sync::OnceCell::new(), AtomicU32::new(0));
        let fetch = async || {
            task::yield_now().await;
            fetched.fetch_add(1, Relaxed) + 7
        };
        let get = async || *cell.get_or_init(&fetch).await;
        let got = block_on(async { join!(get(), get()) });
        format!("{got:?}, {}", fetched.load(Relaxed))
    });
    assert_eq!(outcomes(&graph), ["(7, 7), 1"]);
}

#[test]
fn readers_meet_and_a_writer_is_alone() {
    let graph = explore(|| {
        let (lock, inside) = (sync::RwLock::new(0), AtomicU32::new(0));
        let read = async || {
            let _guard = lock.read().await;
            let met = inside.fetch_add(1, Relaxed) == 1;
            task::yield_now().await;
            inside.fetch_sub(1, Relaxed);
            met
        };
        let write = async || {
            let mut guard = lock.write().await;
            assert_eq!(inside.load(Relaxed), 0);
            task::yield_now().await;
            *guard += 1;
        };
        let (one, other, ()) = block_on(async { join!(read(), read(), write()) });
        format!("{}, {}", if one || other { "met" } else { "apart" }, lock.into_inner())
    });
    assert_eq!(outcomes(&graph), ["apart, 1", "met, 1"]);
}

#[test]
fn a_notification_waits_for_its_task() {
    let graph = explore(|| {
        let notify = sync::Notify::new();
        block_on(async { join!(notify.notified(), async { notify.notify_one() }) });
        "told".into()
    });
    assert_eq!(outcomes(&graph), ["told"]);
    let graph = explore(|| {
        let notify = sync::Notify::new();
        block_on(async { join!(notify.notified(), async { notify.notify_waiters() }) });
        "told".into()
    });
    assert_eq!(outcomes(&graph), ["told", "deadlock"]);
}

#[test]
fn a_channel_ends_when_its_senders_are_gone() {
    let graph = explore(|| {
        block_on(async {
            let (sender, mut receiver) = sync::mpsc::channel(1);
            let other = sender.clone();
            spawn(async move { sender.send(1).await.unwrap() });
            spawn(async move { other.send(2).await.unwrap() });
            let mut received = vec![];
            while let Some(message) = receiver.recv().await {
                received.push(message);
            }
            format!("{received:?}")
        })
    });
    assert_eq!(outcomes(&graph), ["[1, 2]", "[2, 1]"]);
}

#[test]
fn one_message_or_the_news_that_there_is_none() {
    let graph = explore(|| {
        block_on(async {
            let (sender, receiver) = sync::oneshot::channel();
            spawn(async move { sender.send(7).unwrap() });
            receiver.await.unwrap().to_string()
        })
    });
    assert_eq!(outcomes(&graph), ["7"]);
    let graph = explore(|| {
        block_on(async {
            let (sender, receiver) = sync::oneshot::channel::<u32>();
            spawn(async move { drop(sender) });
            receiver.await.is_err().to_string()
        })
    });
    assert_eq!(outcomes(&graph), ["true"]);
}

#[test]
fn a_ready_await_is_not_left() {
    let graph = explore(|| {
        let shared = Arc::new((AtomicU32::new(0), sync::Mutex::new(())));
        let add = |shared: Arc<(AtomicU32, sync::Mutex<()>)>| async move {
            let seen = shared.0.load(Relaxed);
            drop(shared.1.lock().await);
            shared.0.store(seen + 1, Relaxed);
        };
        block_on(async { join!(add(shared.clone()), add(shared.clone())) });
        shared.0.load(Relaxed).to_string()
    });
    assert_eq!(count(&graph, "1", Reading::Cooperative), "0");
    assert_ne!(count(&graph, "1", Reading::Preemptive), "0");
}

#[test]
fn sleeping_is_being_left_for_any_time() {
    let graph = explore(|| {
        let counter = AtomicU32::new(0);
        let add = async || {
            let seen = counter.load(Relaxed);
            time::sleep(time::Duration::from_millis(1)).await;
            counter.store(seen + 1, Relaxed);
        };
        block_on(async { join!(add(), add()) });
        counter.into_inner().to_string()
    });
    assert_eq!(count(&graph, "1", Reading::Cooperative), "4");
    assert_eq!(count(&graph, "2", Reading::Cooperative), "2");
}

#[test]
fn what_waits_by_itself_is_not_modelled() {
    let graph = explore(|| {
        block_on(std::future::pending::<()>());
        "never".into()
    });
    assert_eq!(outcomes(&graph), ["panic: it awaits something that interleave does not model"]);
}
