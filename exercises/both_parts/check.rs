//! A hundred jobs that wait, two that compute at once, one beside another task.

use std::sync::{Arc, Barrier, mpsc};
use std::thread::{self, ThreadId};
use std::time::Duration;

use exercise::{Case, Check, Hint, Once};
use tokio::runtime;
use tokio::sync::oneshot;
use tokio::time::Instant;

use super::answer::{Job, run_all};

const ON_THE_LOOP: Hint = Hint::on(
    "it computes on the event loop",
    "While a job computes on the event loop, nobody else's answer is looked at, and no second job \
     computes. A task has no thread of its own. Who has threads to compute on?",
);

pub const CHECK: Check = Check {
    starter: ("waits", "0 to 99, after 5050 ms"),
    cases: &[
        Case::Once(Once {
            name: "waits",
            title: "A hundred jobs that wait for 100 ms down to 1 ms",
            run: || block_on(waits),
            good: &["0 to 99, after 100 ms"],
            hints: &[
                Hint::on(
                    "0 to 99, after 5050 ms",
                    "Each wait begins when the job before it has ended: 5050 ms is the sum of all. \
                     All have to be started before one is awaited.",
                ),
                Hint::on(
                    "0 to 99, after 0 ms",
                    "By the runtime's clock nobody has waited: threads have slept, one for each \
                     job. Here that is a hundred. To wait, a task is enough.",
                ),
                Hint::on(
                    "in another order, after 100 ms",
                    "The results come as the jobs end, the shortest wait first. Who knows to which \
                     job each belongs?",
                ),
            ],
        }),
        Case::Once(Once {
            name: "computes",
            title: "Two jobs that compute, and end when both have begun",
            run: || block_on(computes),
            good: &["both at once"],
            hints: &[
                ON_THE_LOOP,
                Hint::on(
                    "waits for ever",
                    "The second begins to compute when the first has ended. Is one awaited before \
                     the other is handed over?",
                ),
            ],
        }),
        Case::Once(Once {
            name: "beside",
            title: "A job that computes until another task has had its turn",
            run: || block_on(beside),
            good: &["the other task had its turn"],
            hints: &[
                ON_THE_LOOP,
                Hint::on(
                    "waits for ever",
                    "The job computes on another thread, and yet the event loop stands still: it \
                     waits for that thread, and not with an `await`. `par_iter`, `join`, `install` \
                     and `recv` wait by stopping the thread that calls them.",
                ),
            ],
        }),
    ],
    without: &[],
};

/// On a runtime with one thread and a clock that is paused: it goes on when all
/// tasks wait for it. The pool has two threads, however many cores there are.
fn block_on<F: Future<Output = String>>(case: fn() -> F) -> String {
    // There is one already where a case has no process of its own.
    let _ = rayon::ThreadPoolBuilder::new().num_threads(2).build_global();
    let mut clock = runtime::Builder::new_current_thread();
    clock.enable_all().start_paused(true).build().unwrap().block_on(case())
}

fn job(wait: u64, compute: impl FnOnce() -> u64 + Send + 'static) -> Job {
    Job { wait: Duration::from_millis(wait), compute: Box::new(compute) }
}

async fn waits() -> String {
    let began = Instant::now();
    let jobs = (0..100).map(|number| job(100 - number, move || number)).collect();
    let results = run_all(jobs).await;
    let order = if results.is_sorted() { "0 to 99" } else { "in another order" };
    match results.len() {
        100 => format!("{order}, after {} ms", began.elapsed().as_millis()),
        results => format!("{results} results of 100 jobs"),
    }
}

async fn computes() -> String {
    let both = Arc::new(Barrier::new(2));
    let event_loop = thread::current().id();
    let jobs = [1, 2].map(|number| {
        let both = both.clone();
        job(1, move || {
            if is(event_loop) {
                return 0;
            }
            both.wait();
            number
        })
    });
    match run_all(jobs.into()).await[..] {
        [1, 2] => "both at once".into(),
        [0, _] | [_, 0] => "it computes on the event loop".into(),
        ref other => format!("the results of 1 and 2 are {other:?}"),
    }
}

async fn beside() -> String {
    let event_loop = thread::current().id();
    let (begin, begun) = oneshot::channel();
    let (end, ended) = mpsc::channel();
    let other = tokio::spawn(async move {
        let on_the_loop = begun.await.unwrap();
        // Whoever computes on the loop does not wait for it.
        let _ = end.send(());
        on_the_loop
    });
    let computing = job(1, move || {
        let on_the_loop = is(event_loop);
        begin.send(on_the_loop).unwrap();
        if !on_the_loop {
            ended.recv().unwrap();
        }
        1
    });
    // A single piece of work rayon may do where it is.
    run_all(vec![computing, job(1, || 2)]).await;
    match other.await.unwrap() {
        false => "the other task had its turn".into(),
        true => "it computes on the event loop".into(),
    }
}

fn is(event_loop: ThreadId) -> bool {
    thread::current().id() == event_loop
}
