//! A health check beside a job, a full server, and a client that hangs up.

use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex};
use std::thread;

use exercise::{Case, Check, Hint, Once};
use tokio::runtime;
use tokio::sync::{Semaphore, oneshot};
use tokio::task::JoinHandle;

use super::answer::handle;

const ON_THE_LOOP: Hint = Hint::on(
    "the job ran on the event loop",
    "While the job blocks, no task of this thread goes on: not the health check, and nobody who is \
     to be sent away. A task is not a thread of its own. Who has threads for work that blocks?",
);

const NOT_DONE: Hint = Hint::on(
    "the job was not done",
    "There was a place, and yet the job never began. Did something panic, or send it away? \
     (`block_in_place` panics on a runtime with one thread.)",
);

const NEVER_BACK: Hint = Hint::on(
    "waits for ever",
    "After the jobs had ended, not all places were free. Who gives a place back, and when?",
);

pub const CHECK: Check = Check {
    starter: ("health", "the job ran on the event loop"),
    cases: &[
        Case::Once(Once {
            name: "health",
            title: "A health check while a job runs",
            run: || block_on(health()),
            good: &["the health check was answered, then the job"],
            hints: &[ON_THE_LOOP, NOT_DONE, NEVER_BACK],
        }),
        Case::Once(Once {
            name: "full",
            title: "A third request, where there are two places",
            run: || block_on(full()),
            good: &["no, at once"],
            hints: &[
                ON_THE_LOOP,
                NOT_DONE,
                Hint::on(
                    "waits for ever",
                    "The third waits until a place is free, and none will be before it has its \
                     answer. To wait for a permit is to queue. Which method says at once that \
                     there is none?",
                )
                .when(".acquire"),
                Hint::on(
                    "three jobs at two places",
                    "The place was free again before the job had begun. How long does a permit \
                     live that has no name, or is called `_`?",
                ),
                NEVER_BACK,
            ],
        }),
        Case::Once(Once {
            name: "hangs_up",
            title: "A client hangs up while its job has the one place, and another comes",
            run: || block_on(hangs_up()),
            good: &["no; after the job has ended, yes"],
            hints: &[
                ON_THE_LOOP,
                NOT_DONE,
                Hint::on(
                    "two jobs at one place",
                    "The future of `handle` was dropped and the place with it, while the job went \
                     on. What has to own the place? (A closure, even a `move` one, takes along \
                     only what its body uses.)",
                ),
                NEVER_BACK,
            ],
        }),
    ],
    without: &[],
};

fn block_on(case: impl Future<Output = String>) -> String {
    runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(case)
}

/// A job that says when it has begun, and ends when it is told to.
struct Held {
    client: JoinHandle<Option<u32>>,
    begun: oneshot::Receiver<bool>,
    end: Sender<()>,
}

fn held(places: &Arc<Semaphore>, number: u32) -> Held {
    let (begin, begun) = oneshot::channel();
    let (end, ended): (_, Receiver<()>) = mpsc::channel();
    let event_loop = thread::current().id();
    // Shared by threads, if an answer likes.
    let ended = Mutex::new(ended);
    let client = tokio::spawn(handle(places.clone(), move || {
        let on_the_loop = thread::current().id() == event_loop;
        let _ = begin.send(on_the_loop);
        if !on_the_loop {
            let _ = ended.lock().unwrap().recv();
        }
        number
    }));
    Held { client, begun, end }
}

impl Held {
    /// Waits until the job has begun; what is wrong, if it blocks the loop.
    async fn begun(&mut self) -> Result<(), String> {
        match (&mut self.begun).await {
            Ok(false) => Ok(()),
            Ok(true) => Err("the job ran on the event loop".into()),
            Err(_) => Err("the job was not done".into()),
        }
    }

    async fn end(self) -> Option<u32> {
        self.end.send(()).unwrap();
        self.client.await.unwrap()
    }
}

async fn health() -> String {
    let places = Arc::new(Semaphore::new(1));
    let mut job = held(&places, 7);
    if let Err(wrong) = job.begun().await {
        return wrong;
    }
    // Here the health check is answered: the loop goes on.
    match job.end().await {
        Some(7) => "the health check was answered, then the job".into(),
        other => format!("the job gave 7, and the request {other:?}"),
    }
}

async fn full() -> String {
    let places = Arc::new(Semaphore::new(2));
    let mut jobs = [held(&places, 1), held(&places, 2)];
    for job in &mut jobs {
        if let Err(wrong) = job.begun().await {
            return wrong;
        }
    }
    if is_begun(held(&places, 3)).await {
        return "three jobs at two places".into();
    }
    for job in jobs {
        job.end().await;
    }
    drop(places.acquire_many(2).await.unwrap());
    "no, at once".into()
}

async fn hangs_up() -> String {
    let places = Arc::new(Semaphore::new(1));
    let mut first = held(&places, 1);
    if let Err(wrong) = first.begun().await {
        return wrong;
    }
    first.client.abort();
    let _ = first.client.await;
    if is_begun(held(&places, 2)).await {
        return "two jobs at one place".into();
    }
    first.end.send(()).unwrap();
    drop(places.acquire().await.unwrap());
    let mut last = held(&places, 3);
    match last.begun().await {
        Ok(()) if last.end().await == Some(3) => "no; after the job has ended, yes".into(),
        Ok(()) => "no; after the job has ended, nothing".into(),
        Err(wrong) => wrong,
    }
}

/// Whether a request that comes when all places are taken has its job begun.
async fn is_begun(mut request: Held) -> bool {
    tokio::select! {
        biased;
        answer = &mut request.client => answer.unwrap().is_some(),
        begun = &mut request.begun => begun.is_ok(),
    }
}
