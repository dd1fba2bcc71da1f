//! An answer that is there, and one that another thread has yet to give.

use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Mutex, mpsc};
use std::thread;

use exercise::{Case, Check, Hint, Scenario};

use super::answer::receive;

pub const CHECK: Check = Check {
    starter: ("near", "42, after another's turn"),
    cases: &[
        Case::Explored {
            scenario: Scenario {
                name: "near",
                title: "The answer is there, and another thread wants the lock",
                good: &["42"],
                ..Scenario::of(near)
            },
            must: &[],
            hints: &[Hint::on(
                "",
                "The lock was let go of though nobody had to wait. Is there a way to receive that \
                 never waits, and that could be tried first, with the lock?",
            )],
        },
        Case::Explored {
            scenario: Scenario {
                name: "far",
                title: "Another thread answers, and needs the lock to do so",
                good: &["42"],
                ..Scenario::of(far)
            },
            must: &[],
            hints: &[
                Hint::on(
                    "deadlock",
                    "One waits for the answer and holds the lock; the one that answers waits for \
                     the lock. What must not be held by whoever waits?",
                ),
                Hint::on(
                    "livelock",
                    "It looks for the answer again and again and holds the lock all the while, \
                     which the one that answers needs.",
                ),
                Hint::on(
                    "too many states",
                    "To look again and again is to wait with a busy processor, and each look takes \
                     the lock once more. Without the lock you may simply wait.",
                ),
                Hint::on(
                    "panic",
                    "To let go once does not mean that the answer has come. It takes as long as it \
                     takes.",
                ),
            ],
        },
    ],
    without: &[],
};

fn near() -> String {
    let gil = Mutex::new(());
    // Counted and read by whoever holds the lock.
    let turns = AtomicUsize::new(0);
    let (sender, answers) = mpsc::channel();
    sender.send(42).unwrap();
    thread::scope(|scope| {
        let held = gil.lock().unwrap();
        scope.spawn(|| {
            let _held = gil.lock().unwrap();
            turns.fetch_add(1, Relaxed);
        });
        let (answer, _held) = receive(&gil, held, &answers);
        match turns.load(Relaxed) {
            0 => answer.to_string(),
            _ => format!("{answer}, after another's turn"),
        }
    })
}

fn far() -> String {
    let gil = Mutex::new(());
    let (sender, answers) = mpsc::channel();
    thread::scope(|scope| {
        let held = gil.lock().unwrap();
        scope.spawn(|| {
            // Poisoned, if the one that waits has panicked.
            let _held = gil.lock();
            sender.send(42).unwrap();
        });
        let (answer, _held) = receive(&gil, held, &answers);
        answer.to_string()
    })
}
