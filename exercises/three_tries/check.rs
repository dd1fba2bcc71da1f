//! Jobs that fail in four ways, by tokio's clock, which is paused: it goes on
//! when all tasks wait for it, and so every time is exact.

use std::time::Duration;

use exercise::{Case, Check, Hint, Once};
use tokio::runtime;
use tokio::time::{self, Instant};

use super::answer::{Failure, carry_out};

/// More tries than any answer should make.
const ENDLESS: usize = 10;

const CLOCK: Hint = Hint::on(
    "",
    "`thread::sleep` stops the thread, and with it every other job of this worker. By the \
     runtime's clock no time has passed.",
)
.when("thread::sleep");

const TRIES: Hint = Hint::on(
    "panic: tried ten times",
    "It is tried without end. Somebody has to count, and to say what happens then.",
);

const PAUSES: Hint = Hint::on(
    "",
    "Compare the times of the tries with 0, 100 and 300 ms. A pause stands between two tries, the \
     second is twice as long as the first, and there is none after the last try.",
);

pub const CHECK: Check = Check {
    starter: ("fails_twice", "tries at 0, 0, 0 ms; done at try 3 after 0 ms"),
    cases: &[
        Case::Once(Once {
            name: "fails_twice",
            title: "A job that fails twice",
            run: || block_on(fails_twice()),
            good: &["tries at 0, 100, 300 ms; done at try 3 after 300 ms"],
            hints: &[CLOCK, TRIES, PAUSES],
        }),
        Case::Once(Once {
            name: "fails",
            title: "A job that always fails",
            run: || block_on(fails()),
            good: &["tries at 0, 100, 300 ms; given up after 300 ms: refused, try 3"],
            hints: &[CLOCK, TRIES, PAUSES],
        }),
        Case::Once(Once {
            name: "unreadable",
            title: "A job that nobody can read",
            run: || block_on(unreadable()),
            good: &["tries at 0 ms; given up after 0 ms: cannot be read"],
            hints: &[
                CLOCK,
                TRIES,
                Hint::on(
                    "",
                    "The same bytes are read at each try, and the others wait behind them. The \
                     failure says of itself whether a retry can help.",
                ),
            ],
        }),
        Case::Once(Once {
            name: "hangs_once",
            title: "A job whose first try hangs for an hour",
            run: || block_on(hangs_once()),
            good: &["tries at 0, 1100 ms; done at try 2 after 1100 ms"],
            hints: &[
                CLOCK,
                TRIES,
                Hint::on(
                    "tries at 0 ms; given up after 1000 ms: took too long",
                    "The limit was on all tries together, or nothing was tried after it. Each try \
                     has a second of its own.",
                ),
                Hint::on(
                    "tries at 0 ms; done at try 1 after 3600000 ms",
                    "It took an hour, and the worker with it. Who cuts a try off?",
                ),
                PAUSES,
            ],
        }),
        Case::Once(Once {
            name: "hangs",
            title: "A job that fails once, and then hangs at each try",
            run: || block_on(hangs()),
            good: &["tries at 0, 100, 1300 ms; given up after 2300 ms: took too long"],
            hints: &[
                CLOCK,
                TRIES,
                Hint::on(
                    "tries at 0, 100, 1300 ms; given up after 2300 ms: refused, try 1",
                    "That was the first failure. Whoever reads the list wants to know of the last.",
                ),
                Hint::on(
                    "",
                    "A try that is cut off is a failure like another: it counts, a pause follows, \
                     and it has a cause. What is that to be, word for word?",
                ),
            ],
        }),
    ],
    without: &[],
};

fn block_on(case: impl Future<Output = String>) -> String {
    let mut clock = runtime::Builder::new_current_thread();
    clock.enable_all().start_paused(true).build().unwrap().block_on(case)
}

async fn fails_twice() -> String {
    told(async |number| match number {
        1 | 2 => Err(Failure::ForNow(format!("refused, try {number}"))),
        _ => Ok(()),
    })
    .await
}

async fn fails() -> String {
    told(async |number| Err(Failure::ForNow(format!("refused, try {number}")))).await
}

async fn unreadable() -> String {
    told(async |_| Err(Failure::ForGood("cannot be read".into()))).await
}

async fn hangs_once() -> String {
    told(async |number| {
        if number == 1 {
            time::sleep(Duration::from_secs(3_600)).await;
        }
        Ok(())
    })
    .await
}

async fn hangs() -> String {
    told(async |number| {
        if number > 1 {
            time::sleep(Duration::from_secs(3_600)).await;
        }
        Err(Failure::ForNow(format!("refused, try {number}")))
    })
    .await
}

/// When `job` was tried, and how that ended.
async fn told(job: impl AsyncFn(usize) -> Result<(), Failure>) -> String {
    let began = Instant::now();
    let mut tries = Vec::new();
    let end = carry_out(async || {
        assert!(tries.len() < ENDLESS, "tried ten times");
        tries.push(began.elapsed().as_millis().to_string());
        job(tries.len()).await
    })
    .await;
    let after = began.elapsed().as_millis();
    let end = match end {
        Ok(tries) => format!("done at try {tries} after {after} ms"),
        Err(cause) => format!("given up after {after} ms: {cause}"),
    };
    format!("tries at {} ms; {end}", tries.join(", "))
}
