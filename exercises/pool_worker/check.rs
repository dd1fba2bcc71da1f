//! Two workers and two jobs.

use core::sync::atomic as uncounted;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};
use std::sync::{Mutex, mpsc};
use std::thread;

use exercise::{Case, Check, Hint, Scenario};

use super::answer::{Job, work};

pub const CHECK: Check = Check {
    starter: ("two_and_two", "never both at once"),
    cases: &[Case::Explored {
        scenario: Scenario {
            name: "two_and_two",
            title: "Two workers and two jobs",
            good: &["both at once", "one by one"],
            worker: "worker",
            ..Scenario::of(two_and_two)
        },
        must: &[(
            "both at once",
            "While one worker does a job, the other cannot take the next one: the lock on the \
             receiver is held for that long, or both jobs were taken under it. When does the guard \
             end that `lock()` has returned? A temporary value in the head of a `while let` or a \
             `match` lives as long as the body.",
        )],
        hints: &[
            Hint::on(
                "a job was left",
                "An empty channel is not one at its end: a job may still come. Who waits can tell \
                 the two apart.",
            )
            .when("try_recv"),
            Hint::on(
                "a job was left",
                "A job is done when it has been called, and there are more until `recv` fails.",
            ),
            Hint::on(
                "too many states",
                "A worker that asks again and again whether there is a job keeps a core busy with \
                 asking. Let it wait for one.",
            ),
        ],
    }],
    without: &[],
};

fn two_and_two() -> String {
    let (met, done) = (AtomicBool::new(false), AtomicUsize::new(0));
    // No step of its own: who is at a job follows from where the workers are.
    let at_it = uncounted::AtomicUsize::new(0);
    let (sender, receiver) = mpsc::channel::<Job>();
    let receiver = Mutex::new(receiver);
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| work(&receiver));
        }
        for _ in 0..2 {
            let job = || {
                let both = at_it.fetch_add(1, Relaxed) == 1;
                // A step, so that the other can begin meanwhile.
                met.fetch_or(both, Relaxed);
                at_it.fetch_sub(1, Relaxed);
                done.fetch_add(1, Relaxed);
            };
            sender.send(Box::new(job)).unwrap();
        }
        drop(sender);
    });
    match (done.load(Relaxed), met.load(Relaxed)) {
        (2, true) => "both at once",
        (2, false) => "one by one",
        _ => "a job was left",
    }
    .into()
}
