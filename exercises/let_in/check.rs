//! A thread that computes and hands over, beside one that waits and beside two.

use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::thread;

use exercise::{Case, Check, Hint, Scenario};

use super::answer::Gil;

const DEADLOCK: Hint = Hint::on(
    "deadlock",
    "All wait, and one of them for something that is so already, or that only another could be \
     told of. Who is woken by `notify_one`, and what if it is not the one whose turn it is? And \
     what stays true from the moment at which the lock has changed hands?",
);

const KEPT_OUT: Hint = Hint::on(
    "kept out",
    "The lock was free for a moment, and the same thread took it again. Nothing makes the one that \
     waits be quicker. What does `take` have to know about those who came before?",
);

const TWO_HOLD: Hint = Hint::on(
    "panic: two hold it",
    "Who has called `take` or `hand_over` holds the lock, alone. Here one came back without it.",
);

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
            must: &[("let in", "The holder is never asked: somebody waits and `asked` says no.")],
            hints: &[KEPT_OUT, DEADLOCK, TWO_HOLD],
        },
        Case::Explored {
            scenario: Scenario {
                name: "in_order",
                title: "One thread computes, another waits, and then a third comes",
                good: &["let in, in their order"],
                limit: 20_000,
                ..Scenario::of(in_order)
            },
            must: &[],
            hints: &[
                KEPT_OUT,
                DEADLOCK,
                Hint::on(
                    "the last one first",
                    "A condition keeps no order: `notify_one` wakes any of those who wait. The \
                     order has to be written down by those who come. How does a shop do it where \
                     each draws a number at the door?",
                ),
            ],
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

fn in_order() -> String {
    let gil = Gil::new();
    let turns = AtomicUsize::new(0);
    let turn = || {
        gil.take();
        let before = turns.fetch_add(1, Relaxed);
        gil.release();
        before
    };
    gil.take();
    thread::scope(|scope| {
        let first = scope.spawn(turn);
        while !gil.asked() {
            std::hint::spin_loop();
        }
        // The first waits: whoever comes now comes later.
        scope.spawn(turn);
        gil.hand_over();
        let let_in = turns.load(Relaxed) > 0;
        gil.release();
        match (let_in, first.join().unwrap()) {
            (true, 0) => "let in, in their order",
            (false, _) => "kept out",
            _ => "the last one first",
        }
        .into()
    })
}

fn told(turns: usize) -> String {
    if turns > 0 { "let in".into() } else { "kept out".into() }
}
