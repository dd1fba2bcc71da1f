//! Not dropped; dropped while it receives; dropped while it passes on.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::task::Poll;

use exercise::{Case, Check, Hint, Once};
use tokio::runtime::Builder;
use tokio::sync::mpsc::{self, error::TryRecvError};

use super::answer::Batches;

const ALL: &str = "1 2 3, 4 5 6, 7 8 9, 10 11 12";

/// More calls than that are needed by nobody.
const CALLS: usize = 30;

const ANY: &[Hint] = &[
    Hint::on(
        "it comes back without a batch",
        "Who calls it expects that a batch has been passed on when it is done.",
    ),
    Hint::on(
        "1 2 3 4, 5 6 7 8, 9 10 11 12",
        "`recv_many` gives up to so many at a time, whatever you have already.",
    ),
    Hint::on("panic", "An empty or full channel is no failure here. Wait."),
    Hint::on("", "In which number is the fault? Each comes once, in order, and three to a batch."),
];

pub const CHECK: Check = Check {
    starter: ("while_it_receives", "3 4 5, 6 7 8, 9 10 11"),
    cases: &[
        Case::Once(Once {
            name: "not_dropped",
            title: "Never dropped",
            run: || told(&mut Vec::new(), 1),
            good: &[ALL],
            hints: ANY,
        }),
        Case::Once(Once {
            name: "while_it_receives",
            title: "Dropped while it waits, after 2 has come and after 8",
            run: || told(&mut vec![8, 2], 1),
            good: &[ALL],
            hints: &[
                ANY[0],
                Hint::on("panic", "An empty channel is no failure here. Wait."),
                Hint::on(
                    "",
                    "What had been received was in the future, and was dropped with it. What \
                     outlives the future?",
                ),
            ],
        }),
        Case::Once(Once {
            name: "while_it_passes_on",
            title: "Dropped while there is no room for the batch",
            run: || told(&mut Vec::new(), 2),
            good: &[ALL],
            hints: &[
                ANY[0],
                Hint::on("panic", "A full channel is no failure here. Wait until there is room."),
                Hint::on(
                    "",
                    "A batch that waits for room in the argument of `send` is in the future of \
                     `send`, and is dropped with it. Can one wait for room first, and give away \
                     the batch when there is some? The documentation of `Sender` says how.",
                ),
            ],
        }),
    ],
    without: &[],
};

/// The batches that arrive if the numbers come two at a time and a call is
/// dropped that waits when one of `dropped_at` has come. One batch is taken
/// after every `calls` calls; there is room for one, and a call that finds
/// none is dropped.
fn told(dropped_at: &mut Vec<u32>, calls: usize) -> String {
    let runtime = Builder::new_current_thread().build();
    let arrived = runtime.expect("a runtime").block_on(arrived(dropped_at, calls));
    match arrived {
        None => "it comes back without a batch".into(),
        Some(batches) if batches.is_empty() => "nothing arrives".into(),
        Some(batches) => batches.iter().map(|batch| words(batch)).collect::<Vec<_>>().join(", "),
    }
}

async fn arrived(dropped_at: &mut Vec<u32>, calls: usize) -> Option<Vec<Vec<u32>>> {
    let (give, numbers) = mpsc::channel(12);
    let (batches, mut arriving) = mpsc::channel(1);
    let mut passing = Batches::new(numbers, batches);
    let (mut given, mut arrived, mut done) = (0, Vec::new(), 0);
    for call in 1..=CALLS {
        let mut future = pin!(passing.pass_on());
        let passed_on = loop {
            if goes_on(future.as_mut()).await {
                break true;
            }
            if dropped_at.pop_if(|at| *at == given).is_some() || calls > 1 && given == 12 {
                break false;
            }
            if given == 12 {
                return Some(arrived);
            }
            for _ in 0..2 {
                given += 1;
                give.try_send(given).expect("room for all");
            }
        };
        done += usize::from(passed_on);
        if call % calls == 0 {
            match arriving.try_recv() {
                Ok(batch) => arrived.push(batch),
                Err(TryRecvError::Empty | TryRecvError::Disconnected) => {}
            }
        }
        if done > arrived.len() + 1 {
            return None;
        }
    }
    Some(arrived)
}

/// Polls it once; whether it is done.
async fn goes_on(mut future: Pin<&mut impl Future<Output = ()>>) -> bool {
    let done = poll_fn(|context| Poll::Ready(future.as_mut().poll(context).is_ready())).await;
    // Each poll in a turn of its own.
    tokio::task::yield_now().await;
    done
}

fn words(batch: &[u32]) -> String {
    batch.iter().map(u32::to_string).collect::<Vec<_>>().join(" ")
}
