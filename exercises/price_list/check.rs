//! Two ask for the same price, and for two different ones.

use core::sync::atomic as uncounted;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering::Relaxed};
use std::thread;

use exercise::{Case, Check, Hint, Scenario};

use super::answer::PriceList;

const STOPPED: Hint = Hint::on(
    "deadlock",
    "A thread waits for a lock that it holds itself. A guard in the head of a `match` lives until \
     the closing brace.",
);

pub const CHECK: Check = Check {
    starter: ("two_articles", "never both at once"),
    cases: &[
        Case::Explored {
            scenario: Scenario {
                name: "one_article",
                title: "Two ask for the same price",
                good: &["worked out once"],
                ..Scenario::of(one_article)
            },
            must: &[],
            hints: &[
                STOPPED,
                Hint::on(
                    "worked out 2 times",
                    "What a reader saw need not be so any more when the writer comes in: in \
                     between there was no lock at all.",
                )
                .when(".read()"),
                Hint::on(
                    "worked out 2 times",
                    "Between finding no price and writing one down the lock was given up, and the \
                     other found none either. Whoever works a price out has to keep others from \
                     doing the same. Which others?",
                ),
                Hint::on(
                    "somebody got another price",
                    "Who comes second must wait until the price is there.",
                ),
            ],
        },
        Case::Explored {
            scenario: Scenario {
                name: "two_articles",
                title: "Two ask for two prices",
                good: &["both at once", "one by one"],
                ..Scenario::of(two_articles)
            },
            must: &[(
                "both at once",
                "The lock that keeps two from working out the same price also keeps them from \
                 working out two different ones. What does each of them need for itself?",
            )],
            hints: &[STOPPED],
        },
    ],
    without: &[],
};

fn one_article() -> String {
    let (list, worked_out) = (PriceList::new(1), AtomicU32::new(0));
    let ask = || {
        list.price(0, || {
            worked_out.fetch_add(1, Relaxed);
            7
        })
    };
    let prices = thread::scope(|scope| {
        [scope.spawn(ask), scope.spawn(ask)].map(|asker| asker.join().unwrap())
    });
    match (prices, worked_out.into_inner()) {
        ([7, 7], 1) => "worked out once".into(),
        ([7, 7], times) => format!("worked out {times} times"),
        _ => "somebody got another price".into(),
    }
}

fn two_articles() -> String {
    let (list, met) = (PriceList::new(2), AtomicBool::new(false));
    // No step of its own: who is at it follows from where the threads are.
    let at_it = uncounted::AtomicUsize::new(0);
    let ask = |article: usize, price: u32| {
        let got = list.price(article, || {
            let both = at_it.fetch_add(1, Relaxed) == 1;
            // A step, so that the other can begin meanwhile.
            met.fetch_or(both, Relaxed);
            at_it.fetch_sub(1, Relaxed);
            price
        });
        got == price
    };
    let right = thread::scope(|scope| {
        let askers = [scope.spawn(|| ask(0, 7)), scope.spawn(|| ask(1, 8))];
        askers.map(|asker| asker.join().unwrap())
    });
    match (right, met.into_inner()) {
        ([true, true], true) => "both at once",
        ([true, true], false) => "one by one",
        _ => "somebody got another price",
    }
    .into()
}
