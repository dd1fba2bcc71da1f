//! A thread that computes and hands over, beside one that asks and beside two.

use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::thread;

use exercise::{Case, Check, Hint, Scenario};

use super::answer::Gil;

const DEADLOCK: Hint = Hint::on(
    "deadlock",
    "Somebody waits for what has already happened. Who takes the lock may have released it again \
     before the one who waits for that looks. What stays true from the moment at which the lock \
     has changed hands, and who notifies after it has become true?",
);

const KEPT_OUT: Hint = Hint::on(
    "kept out",
    "The lock was free for a moment, and the same thread took it again. Nothing makes the one that \
     asked be quicker. How could `hand_over` know that another thread has had the lock?",
);

const TWO_HOLD: Hint =
    Hint::on(
    "panic: two hold it",
    "Who has called `hand_over` holds the lock before and after. Here it came back without it.",
);

const ASKED: (&str, &str) = ("let in", "The holder was never asked: who wants the lock must say so.");

pub const CHECK: Check = Check {
    starter: ("one_asks", "kept out"),
    cases: &[
        Case::Explored {
            scenario: Scenario {
                name: "one_asks",
                title: "One thread computes, another asks",
                good: &["let in", "not asked"],
                ..Scenario::of(one_asks)
            },
            must: &[ASKED],
            hints: &[KEPT_OUT, DEADLOCK, TWO_HOLD],
        },
        Case::Explored {
            scenario: Scenario {
                name: "two_ask",
                title: "One thread computes, two others ask",
                good: &["let in", "not asked"],
                limit: 20_000,
                ..Scenario::of(two_ask)
            },
            must: &[ASKED],
            hints: &[KEPT_OUT, DEADLOCK],
        },
    ],
    without: &[],
};

fn one_asks() -> String {
    let gil = Gil::new();
    let (holders, turns) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let hold = || match holders.fetch_add(1, Relaxed) {
        0 => {}
        _ => panic!("two hold it"),
    };
    let let_go = || _ = holders.fetch_sub(1, Relaxed);
    gil.take();
    hold();
    thread::scope(|scope| {
        scope.spawn(|| {
            gil.take();
            hold();
            turns.fetch_add(1, Relaxed);
            let_go();
            gil.release();
        });
        if !gil.asked() {
            let_go();
            gil.release();
            return "not asked".into();
        }
        let_go();
        gil.hand_over();
        hold();
        let turns = turns.load(Relaxed);
        let_go();
        gil.release();
        told(turns)
    })
}

fn two_ask() -> String {
    let gil = Gil::new();
    let turns = AtomicUsize::new(0);
    gil.take();
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                gil.take();
                turns.fetch_add(1, Relaxed);
                gil.release();
            });
        }
        if !gil.asked() {
            gil.release();
            return "not asked".into();
        }
        gil.hand_over();
        let turns = turns.load(Relaxed);
        gil.release();
        told(turns)
    })
}

fn told(turns: usize) -> String {
    if turns > 0 { "let in".into() } else { "kept out".into() }
}
