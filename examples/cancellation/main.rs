//! How do I stop something that is waiting?
//!
//! ```text
//! cargo run --example cancellation
//! cargo run --example cancellation -- --tick 5 --twin
//! ```
//!
//! Look at how many messages are received when the read is dropped in the
//! middle of one; then at what was given back by what was stopped, and what
//! went on all the same. Chapter: `book/turns/cancellation.md`.

mod expected;
mod framed;
mod leases;
mod peer;
mod shutdown;
mod ways;

use std::future::Future;
use std::pin::Pin;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use expected::{RETURNED, TAKEN, WENT_ON, counts, decide};
use leases::Books;
use peer::{MESSAGES, send_to};
use shutdown::stop_server;
use taking_turns::{Claim, Experiment, Parameter, Quantity, Run, Trial, sources};
use tokio::runtime::Builder;

const TICK: Parameter =
    Parameter::count("tick", 3, (1, 6), "The message, of six, in whose middle the tick comes");

/// How long a server that drains has time, where it has a limit.
const GRACE: Duration = Duration::from_millis(20);

const DROPPED: &str = "read dropped";
const KEPT: &str = "read kept";
const BUFFERED: &str = "own buffer";
const TIME_OUT: &str = "time-out";
const SELECT: &str = "select";
const ABORT: &str = "abort";
const JOIN_SET: &str = "JoinSet";
const RUNTIME: &str = "runtime ended";
const HANDLE: &str = "handle dropped";
const BLOCKING: &str = "blocking job";
const NO_AWAIT: &str = "no await";
const AT_ONCE: &str = "stopped at once";
const DRAINED: &str = "drained";
const LIMITED: &str = "drained, limited";

const RECEIVED: Quantity = Quantity::count("messages received");
const LEFT: Quantity = Quantity::count("tasks left");

/// What the explorer found; `cargo explore cancellation` shows it.
const SCHEDULES: &str = include_str!("schedules.json");

const CAN_LOSE: Claim = Claim::possible(
    "can-lose",
    "A transfer that is stopped at its await can lose the money on its way.",
);
const UNDONE: Claim =
    Claim::possible("undone", "If its destructor gives the money back, none is lost.");
const OUT_OF_STEP: Claim = Claim::exact(
    "out-of-step",
    "A read that is dropped in the middle of a message loses it, and all that follow.",
);
const KEEPS: Claim =
    Claim::exact("keeps", "A read that goes on, or that keeps what has come, loses none.");
const CLEAN: Claim = Claim::exact(
    "clean",
    "What was stopped gave back what it had taken, and nothing after its await ran.",
);
const NOT_STOPPED: Claim = Claim::exact(
    "not-stopped",
    "A dropped handle, an aborted blocking job and a time-out without an await stop nothing.",
);
const CUT_OFF: Claim = Claim::exact(
    "cut-off",
    "A server stopped at once finishes no job, gives all back and leaves no task.",
);
const ALL_DONE: Claim = Claim::exact(
    "all-done",
    "A server that drains finishes every job it accepted and leaves no task.",
);
const IN_TIME: Claim =
    Claim::exact("in-time", "With a limit, only the job that hangs is stopped; no task is left.");

const EXPERIMENT: Experiment = Experiment {
    name: "cancellation",
    question: "How do I stop something that is waiting?",
    chapter: "turns/cancellation",
    parameters: &[&TICK],
    variants: &[
        DROPPED, KEPT, BUFFERED, TIME_OUT, SELECT, ABORT, JOIN_SET, RUNTIME, HANDLE, BLOCKING,
        NO_AWAIT, AT_ONCE, DRAINED, LIMITED,
    ],
    claims: &[
        &CAN_LOSE,
        &UNDONE,
        &OUT_OF_STEP,
        &KEEPS,
        &CLEAN,
        &NOT_STOPPED,
        &CUT_OFF,
        &ALL_DONE,
        &IN_TIME,
    ],
    trials: 20,
    quick_trials: 5,
    warm_up: false,
    sources: sources![
        "main.rs",
        "expected.rs",
        "framed.rs",
        "leases.rs",
        "peer.rs",
        "shutdown.rs",
        "transfer.rs",
        "ways.rs"
    ],
    twin: Some(include_str!("twin.py")),
};

fn main() -> ExitCode {
    EXPERIMENT.main(run)
}

type Way = fn(Arc<Books>) -> Pin<Box<dyn Future<Output = ()>>>;

fn run(run: &mut Run) -> anyhow::Result<()> {
    let tick = run.count(&TICK) as usize;
    let runtime = Builder::new_current_thread().enable_time().build()?;
    let ways: [(_, Way); 8] = [
        (TIME_OUT, |books| Box::pin(ways::time_out(books))),
        (SELECT, |books| Box::pin(ways::select(books))),
        (ABORT, |books| Box::pin(ways::abort(books))),
        (JOIN_SET, |books| Box::pin(ways::join_set(books))),
        (RUNTIME, |books| Box::pin(ways::runtime(books))),
        (HANDLE, |books| Box::pin(ways::drop_handle(books))),
        (BLOCKING, |books| Box::pin(ways::abort_blocking(books))),
        (NO_AWAIT, |books| Box::pin(ways::no_await(books))),
    ];

    run.trials(|trial| {
        for (variant, received) in [
            (DROPPED, runtime.block_on(send_to(framed::read_anew, tick))?),
            (KEPT, runtime.block_on(send_to(framed::read_on, tick))?),
            (BUFFERED, runtime.block_on(send_to(framed::read_buffered, tick))?),
        ] {
            let whole = received.iter().zip(MESSAGES).filter(|(got, sent)| got == sent);
            trial.record(RECEIVED, variant, whole.count() as f64);
        }
        for (variant, way) in ways {
            let books = Books::open();
            trial.time(variant, || runtime.block_on(way(books.clone())));
            runtime.block_on(books.let_all_go_on());
            record(trial, variant, &books);
        }
        let limited = |jobs, stop| shutdown::drain_for(GRACE, jobs, stop);
        for (variant, (books, left)) in [
            (AT_ONCE, runtime.block_on(stop_server(shutdown::at_once, 0))),
            (DRAINED, runtime.block_on(stop_server(shutdown::drain, 6))),
            (LIMITED, runtime.block_on(stop_server(limited, 5))),
        ] {
            record(trial, variant, &books);
            trial.record(LEFT, variant, left as f64);
        }
        Ok(())
    })?;
    run.bars(RECEIVED);

    for (claim, scenario, outcomes) in
        [(&CAN_LOSE, "across", &["200", "170"][..]), (&UNDONE, "undone", &["200"])]
    {
        run.possible_cooperatively(claim, (SCHEDULES, scenario), outcomes)?;
    }
    let all = MESSAGES.len();
    decide(run, &OUT_OF_STEP, &[(DROPPED, RECEIVED, tick - 1)]);
    decide(run, &KEEPS, &[(KEPT, RECEIVED, all), (BUFFERED, RECEIVED, all)]);
    let one = [TIME_OUT, SELECT, ABORT, RUNTIME].map(|variant| counts(variant, [1, 1, 0]));
    decide(run, &CLEAN, &[one.concat(), counts(JOIN_SET, [3, 3, 0]).into()].concat());
    let on = [HANDLE, BLOCKING, NO_AWAIT].map(|variant| counts(variant, [1, 1, 1]));
    decide(run, &NOT_STOPPED, &on.concat());
    for (claim, variant, expected) in [
        (&CUT_OFF, AT_ONCE, [3, 3, 0]),
        (&ALL_DONE, DRAINED, [6, 6, 6]),
        (&IN_TIME, LIMITED, [6, 6, 5]),
    ] {
        decide(run, claim, &[&counts(variant, expected)[..], &[(variant, LEFT, 0)]].concat());
    }
    Ok(())
}

fn record(trial: &mut Trial, variant: &'static str, books: &Books) {
    for (quantity, count) in [TAKEN, RETURNED, WENT_ON].into_iter().zip(books.counts()) {
        trial.record(quantity, variant, count as f64);
    }
}
