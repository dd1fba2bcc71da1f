//! Ways to stop something that waits, and three that stop nothing.

use std::sync::{Arc, mpsc};
use std::time::Duration;

use tokio::runtime::Builder;
use tokio::task::{JoinSet, spawn_blocking};
use tokio::time::timeout;
use tokio::{select, spawn};

use crate::leases::{Books, worker};

// ANCHOR: stopped
pub async fn time_out(books: Arc<Books>) {
    let late = timeout(Duration::from_millis(1), worker(books)).await;
    assert!(late.is_err());
}

pub async fn select(books: Arc<Books>) {
    select! {
        _ = worker(books.clone()) => unreachable!("it waits"),
        _ = books.begun(1) => (),
    }
}

pub async fn abort(books: Arc<Books>) {
    let task = spawn(worker(books.clone()));
    books.begun(1).await;
    task.abort();
    assert!(task.await.unwrap_err().is_cancelled());
}

pub async fn join_set(books: Arc<Books>) {
    let mut tasks = JoinSet::new();
    for _ in 0..3 {
        tasks.spawn(worker(books.clone()));
    }
    books.begun(3).await;
    tasks.shutdown().await;
}

pub async fn runtime(books: Arc<Books>) {
    let runtime = Builder::new_multi_thread().worker_threads(1).build().unwrap();
    runtime.spawn(worker(books.clone()));
    books.begun(1).await;
    runtime.shutdown_background();
    books.ended(1).await;
}
// ANCHOR_END: stopped

// ANCHOR: not_stopped
/// The task goes on by itself.
pub async fn drop_handle(books: Arc<Books>) {
    let task = spawn(worker(books.clone()));
    books.begun(1).await;
    drop(task);
    books.go_on(1);
    books.ended(1).await;
}

/// A thread cannot be stopped from outside.
pub async fn abort_blocking(books: Arc<Books>) {
    let (go_on, may_go_on) = mpsc::channel();
    let own = books.clone();
    let job = spawn_blocking(move || {
        let _lease = own.lease();
        may_go_on.recv().unwrap();
        own.note_went_on();
    });
    books.begun(1).await;
    job.abort();
    go_on.send(()).unwrap();
    assert!(job.await.is_ok());
}

/// There is no await at which it could be stopped, and it is not late: it is done.
pub async fn no_await(books: Arc<Books>) {
    let computes = async {
        let _lease = books.lease();
        books.note_went_on();
    };
    let late = timeout(Duration::ZERO, computes).await;
    assert!(late.is_ok());
}
// ANCHOR_END: not_stopped
