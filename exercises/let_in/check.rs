//! A thread that computes and hands over, beside one that asks and beside two.

use core::sync::atomic as uncounted;
use std::thread;

use exercise::{Case, Check, Hint, Scenario};
use uncounted::Ordering::SeqCst;

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
    Hint::on("two hold it", "`take` came back while somebody else had the lock.");

pub const CHECK: Check = Check {
    starter: ("one_asks", "kept out"),
    cases: &[
        Case::Explored {
            scenario: Scenario {
                name: "one_asks",
                title: "One thread computes, another asks",
                good: &["let in", "not asked"],
                limit: 20_000,
                ..Scenario::of(|| beside(1))
            },
            must: &[("let in", "The holder was never asked: who wants the lock must say so.")],
            hints: &[KEPT_OUT, DEADLOCK, TWO_HOLD],
        },
        Case::Explored {
            scenario: Scenario {
                name: "two_ask",
                title: "One thread computes, two others ask",
                good: &["let in", "not asked"],
                limit: 20_000,
                ..Scenario::of(|| beside(2))
            },
            must: &[("let in", "The holder was never asked: who wants the lock must say so.")],
            hints: &[KEPT_OUT, DEADLOCK, TWO_HOLD],
        },
    ],
    without: &[],
};

fn beside(askers: usize) -> String {
    let gil = Gil::new();
    // No steps of their own: both follow from who has taken the lock.
    let (holders, turns) = (uncounted::AtomicUsize::new(0), uncounted::AtomicUsize::new(0));
    let two = uncounted::AtomicBool::new(false);
    let take = || {
        gil.take();
        two.fetch_or(holders.fetch_add(1, SeqCst) > 0, SeqCst);
    };
    let release = || {
        holders.fetch_sub(1, SeqCst);
        gil.release();
    };
    take();
    let end = thread::scope(|scope| {
        for _ in 0..askers {
            scope.spawn(|| {
                take();
                turns.fetch_add(1, SeqCst);
                release();
            });
        }
        let mut end = "not asked";
        if gil.asked() {
            holders.fetch_sub(1, SeqCst);
            gil.hand_over();
            two.fetch_or(holders.fetch_add(1, SeqCst) > 0, SeqCst);
            end = if turns.load(SeqCst) > 0 { "let in" } else { "kept out" };
        }
        release();
        end
    });
    if two.into_inner() { "two hold it".into() } else { end.into() }
}
