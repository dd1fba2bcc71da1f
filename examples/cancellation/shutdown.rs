//! A server of jobs, and three ways to end it.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinSet;
use tokio::time::timeout;
use tokio::{select, spawn};

use crate::leases::{Books, worker};

/// What a job needs; the job itself is a [`worker`].
pub type Job = Arc<Books>;

// ANCHOR: serve
/// Does each job in a task of its own until it is told to stop.
async fn serve(jobs: &mut mpsc::Receiver<Job>, mut stop: oneshot::Receiver<()>) -> JoinSet<()> {
    let mut under_way = JoinSet::new();
    loop {
        select! {
            biased;
            _ = &mut stop => return under_way,
            Some(job) = jobs.recv() => under_way.spawn(worker(job)),
        };
    }
}
// ANCHOR_END: serve

// ANCHOR: at_once
/// Stops what is under way, and leaves the rest in the queue.
pub async fn at_once(mut jobs: mpsc::Receiver<Job>, stop: oneshot::Receiver<()>) {
    let mut under_way = serve(&mut jobs, stop).await;
    under_way.shutdown().await;
}
// ANCHOR_END: at_once

// ANCHOR: drain
/// Accepts nothing more, and ends when all is done that was accepted.
pub async fn drain(mut jobs: mpsc::Receiver<Job>, stop: oneshot::Receiver<()>) {
    let mut under_way = serve(&mut jobs, stop).await;
    jobs.close();
    while let Some(job) = jobs.recv().await {
        under_way.spawn(worker(job));
    }
    while under_way.join_next().await.is_some() {}
}
// ANCHOR_END: drain

// ANCHOR: drain_for
/// The same, and after `grace` stops what is still under way.
pub async fn drain_for(
    grace: Duration,
    mut jobs: mpsc::Receiver<Job>,
    stop: oneshot::Receiver<()>,
) {
    let mut under_way = serve(&mut jobs, stop).await;
    jobs.close();
    while let Some(job) = jobs.recv().await {
        under_way.spawn(worker(job));
    }
    let all = async { while under_way.join_next().await.is_some() {} };
    if timeout(grace, all).await.is_err() {
        under_way.shutdown().await;
    }
}
// ANCHOR_END: drain_for

/// Hands six jobs to a server, three of which have begun when it is told to
/// stop, and lets so many go on. Returns the books, and how many tasks are
/// left.
pub async fn stop_server<S: Future<Output = ()> + Send + 'static>(
    server: impl FnOnce(mpsc::Receiver<Job>, oneshot::Receiver<()>) -> S,
    go_on: usize,
) -> (Arc<Books>, usize) {
    let books = Books::open();
    let (jobs, accepted) = mpsc::channel(3);
    let (stop, stopped) = oneshot::channel();
    let server = spawn(server(accepted, stopped));
    for _ in 0..3 {
        jobs.send(books.clone()).await.expect("the server is there");
    }
    books.begun(3).await;
    // On one thread the server has no turn before the stop.
    for _ in 0..3 {
        jobs.try_send(books.clone()).expect("the queue has room");
    }
    stop.send(()).expect("the server is there");
    books.go_on(go_on);
    server.await.expect("the server does not panic");
    books.let_all_go_on().await;
    (books, Handle::current().metrics().num_alive_tasks())
}
