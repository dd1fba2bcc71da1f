//! A server that counts nobody in before it is open, and its first client.

use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Arc, mpsc};

use exercise::{Case, Check, Hint, Scenario};

use super::answer::start;

pub const CHECK: Check = Check {
    starter: ("first_client", "it found nobody"),
    cases: &[Case::Explored {
        scenario: Scenario {
            name: "first_client",
            title: "A client comes when `start` has returned",
            good: &["it was let in"],
            ..Scenario::of(first_client)
        },
        must: &[],
        hints: &[
            Hint::on(
                "too many states",
                "It returns at the right moment, and until then it spends its turns on looking. \
                 Say `spin_loop` each time round if you mean that; better, sleep until the other \
                 thread says so.",
            ),
            Hint::on(
                "it found nobody",
                "You wait for a word of the other thread, which is the idea. What has that thread \
                 done by the time it says it?",
            )
            .when("recv()"),
            Hint::on(
                "it found nobody",
                "However many turns you offer, the other thread need not be given one, and its own \
                 may end before it has opened. Do not wait for a time; wait for what it says.",
            ),
            Hint::on(
                "deadlock",
                "A bell rings for those who listen at that moment. If the server is quicker than \
                 `start`, nobody does. What could stay behind, to be looked at before one listens?",
            )
            .when("Condvar"),
            Hint::on(
                "deadlock",
                "The word comes when the server has stopped. It is told to stop by somebody who \
                 waits for `start` to return.",
            ),
        ],
    }],
    without: &[("sleep", "How long is enough on a machine that you have not seen?")],
};

fn first_client() -> String {
    let door = Arc::new(AtomicBool::new(false));
    let (stop, told) = mpsc::channel::<()>();
    let opened = door.clone();
    let serve = move |()| {
        // Until `stop` is dropped.
        let _ = told.recv();
    };
    let server = start(move || opened.store(true, Relaxed), serve);
    let let_in = door.load(Relaxed);
    drop(stop);
    server.join().unwrap();
    if let_in { "it was let in" } else { "it found nobody" }.into()
}
