//! A task on one thread, a bell rung on another.

use core::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};

use exercise::{Case, Check, Hint, Scenario};

use super::answer::Bell;

const TOO_EARLY: &str = "went on before it rang";

const EARLY: Hint = Hint::on(
    TOO_EARLY,
    "The task went on, and nobody had rung. When is `Ready` the answer, and when is it `Pending`?",
);

const BUSY: Hint = Hint::on(
    "too many states",
    "It is polled again and again until the bell rings. Who wakes itself never sleeps. Who is to \
     wake it, and what do they need for that?",
);

const BLOCKS: Hint = Hint::on(
    "livelock",
    "`poll` does not come back before the bell has rung. It is there to look, and to say at once \
     how things stand: waiting is for whoever called it.",
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
                EARLY,
                BUSY,
                BLOCKS,
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
                EARLY,
                BUSY,
                BLOCKS,
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
    wait_and_ring(&Bell::new())
}

fn polled_before() -> String {
    let bell = Bell::new();
    // By somebody who has something better to do.
    match bell.poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(()) => TOO_EARLY.into(),
        Poll::Pending => wait_and_ring(&bell),
    }
}

fn wait_and_ring(bell: &Bell) -> String {
    // No step of its own: it says that the ringing has begun.
    let rings = AtomicBool::new(false);
    let heard = thread::scope(|scope| {
        let task = scope.spawn(|| {
            block_on(poll_fn(|context| bell.poll(context)));
            rings.load(Relaxed)
        });
        scope.spawn(|| {
            rings.store(true, Relaxed);
            bell.ring();
        });
        task.join().unwrap()
    });
    if heard { "went on" } else { TOO_EARLY }.into()
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
