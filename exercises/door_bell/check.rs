//! A task on one thread, a bell rung on another.

use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};

use exercise::{Case, Check, Hint, Scenario};

use super::answer::Bell;

const BUSY: Hint = Hint::on(
    "too many states",
    "It is polled again and again until the bell rings. Who wakes itself never sleeps. Who is to \
     wake it, and what do they need for that?",
);

pub const CHECK: Check = Check {
    starter: ("it_rings", "deadlock"),
    cases: &[
        Case::Explored {
            scenario: Scenario {
                name: "it_rings",
                title: "A task waits, another thread rings",
                good: &["went on"],
                ..Scenario::of(it_rings)
            },
            must: &[],
            hints: &[
                BUSY,
                Hint::on(
                    "deadlock",
                    "The bell has rung, and the task sleeps. Follow the steps: between which two \
                     of them came the other thread? What is looked at and what is left behind \
                     belong together, and so do saying that it rang and waking.",
                )
                .when("waker()"),
                Hint::on(
                    "deadlock",
                    "The bell has rung, and the task sleeps. Who returns `Pending` must have left \
                     something with which it can be woken: it is in the context.",
                ),
            ],
        },
        Case::Explored {
            scenario: Scenario {
                name: "polled_before",
                title: "A task that was polled before, with another waker",
                good: &["went on"],
                ..Scenario::of(polled_before)
            },
            must: &[],
            hints: &[
                BUSY,
                Hint::on(
                    "deadlock",
                    "The bell has woken somebody who is not there any more. With each poll comes \
                     the waker that counts from then on.",
                ),
            ],
        },
    ],
    without: &[],
};

fn it_rings() -> String {
    let bell = Bell::new();
    thread::scope(|scope| {
        scope.spawn(|| block_on(poll_fn(|context| bell.poll(context))));
        scope.spawn(|| bell.ring());
    });
    "went on".into()
}

fn polled_before() -> String {
    let bell = Bell::new();
    // By somebody who has something better to do.
    let _ = bell.poll(&mut Context::from_waker(Waker::noop()));
    thread::scope(|scope| {
        scope.spawn(|| block_on(poll_fn(|context| bell.poll(context))));
        scope.spawn(|| bell.ring());
    });
    "went on".into()
}

/// Polls it, sleeps until it is woken, and polls it again.
fn block_on(future: impl Future<Output = ()>) {
    let mut future = pin!(future);
    let waker = Arc::new(Sleeper(thread::current())).into();
    let mut context = Context::from_waker(&waker);
    while future.as_mut().poll(&mut context) == Poll::Pending {
        thread::park();
    }
}

struct Sleeper(Thread);

impl Wake for Sleeper {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}
