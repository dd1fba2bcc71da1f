//! What is under async?
//!
//! ```text
//! cargo run --example event_loop
//! cargo run --example event_loop -- --connections 200 --messages 100 --twin
//! strace -fc target/debug/examples/event_loop --step wakers
//! ```
//!
//! An echo server on an event loop that is built in four steps, beside the same
//! server on tokio. Look at how many futures are polled for one echo, and at how
//! far the last step is from tokio. Chapter: `book/turns/event_loop.md`.

mod async_fn;
mod callbacks;
mod client;
mod event_loop;
mod files;
mod in_tokio;
mod polled;
// Only the explorer runs what is wrong in it.
#[allow(dead_code)]
mod queue;
mod session;
mod story;
mod wakers;

use std::process::ExitCode;

use taking_turns::{Claim, Experiment, Parameter, Quantity, Run, sources};

const CONNECTIONS: Parameter =
    Parameter::count("connections", 1_000, (2, 10_000), "Clients that are connected at once")
        .quick(300);
const MESSAGES: Parameter =
    Parameter::count("messages", 10, (1, 1_000), "Messages that each of them sends").quick(20);
const STEP: Parameter =
    Parameter::text("step", "NAME", "Run one variant alone: callbacks, …, async fn, tokio");

const CALLBACKS: &str = "callbacks";
const POLLED: &str = "polled by hand";
const WAKERS: &str = "wakers";
const ASYNC_FN: &str = "async fn";
const TOKIO: &str = "tokio";
const VARIANTS: &[&str] = &[CALLBACKS, POLLED, WAKERS, ASYNC_FN, TOKIO];

const RATE: Quantity = Quantity::per_second("echoes, all speak");
const CPU: Quantity = Quantity::seconds("server CPU for each");
const ALONE: Quantity = Quantity::seconds("an echo, one speaks");
const POLLS: Quantity = Quantity::count("polls for it");

/// What the explorer found; `cargo explore event_loop` shows it.
const SCHEDULES: &str = include_str!("schedules.json");

const LOST: Claim = Claim::possible(
    "lost-wake-up",
    "A loop that looks into its queue, then says that it sleeps, can sleep for ever.",
);
const HEARD: Claim = Claim::possible(
    "never-lost",
    "One that says so first, then looks, polls the task in every schedule.",
);
const EVERY_ECHO: Claim = Claim::exact("every-echo", "Every message comes back as it was sent.");
const POLLS_ALL: Claim = Claim::exact(
    "polls-all",
    "Polled by hand, an echo takes a poll of nearly every connection, the silent ones too.",
);
const POLLS_ONE: Claim = Claim::exact(
    "polls-one",
    "With wakers it takes two polls at most, however many are connected.",
);
const HALF: Claim = Claim::robust(
    "half-of-tokio",
    "The last step echoes at least half as many messages in a second as tokio does.",
);
const TWICE: Claim =
    Claim::robust("cpu-time", "Its thread needs at most twice the CPU time of tokio's for each.");
const DAY: Claim = Claim::exact(
    "day",
    "No timer is early, a thread's sum arrives, and a signal ends the loop, every guest served.",
);
const CLOSED: Claim = Claim::exact("closed", "None of our servers leaves a file open.");

const KERNEL: Claim =
    Claim::observed("kernel", "So much of that CPU time was the kernel's, while all spoke.");

const EXPERIMENT: Experiment = Experiment {
    name: "event_loop",
    question: "What is under async?",
    chapter: "turns/event_loop",
    parameters: &[&CONNECTIONS, &MESSAGES, &STEP],
    variants: VARIANTS,
    claims: &[
        &EVERY_ECHO,
        &POLLS_ALL,
        &POLLS_ONE,
        &HALF,
        &TWICE,
        &KERNEL,
        &DAY,
        &CLOSED,
        &LOST,
        &HEARD,
    ],
    trials: 5,
    quick_trials: 3,
    warm_up: false,
    sources: sources![
        "main.rs",
        "async_fn.rs",
        "callbacks.rs",
        "client.rs",
        "event_loop.rs",
        "files.rs",
        "in_tokio.rs",
        "polled.rs",
        "queue.rs",
        "session.rs",
        "story.rs",
        "wakers.rs",
    ],
    twin: Some(include_str!("twin.py")),
};

fn main() -> ExitCode {
    EXPERIMENT.main(run)
}

#[cfg(target_os = "linux")]
fn run(run: &mut Run) -> anyhow::Result<()> {
    use session::{in_the_kernel, session};
    use taking_turns::Bound;
    use taking_turns::quantity::Unit;

    let connections = run.count(&CONNECTIONS) as usize;
    let messages = run.count(&MESSAGES) as usize;
    let steps = session::steps(run.text(&STEP))?;
    // Both ends of each connection are here, and a few files besides.
    files::allow(2 * connections as u64 + 100)?;

    let (mut sessions, mut left_open) = (Vec::new(), 0);
    run.trials(|trial| {
        for &(variant, serve) in &steps {
            let session = trial.time(variant, || session(serve, connections, messages)).0?;
            trial.record(RATE, variant, session.rate);
            trial.record(CPU, variant, session.cpu);
            trial.record(ALONE, variant, session.alone);
            trial.record(POLLS, variant, session.polls);
            if variant != TOKIO {
                // tokio keeps a pair of sockets, once for all, to hear of signals.
                left_open += session.left_open;
            }
            sessions.push((variant, session));
        }
        Ok(())
    })?;
    run.bars(RATE);
    run.bars(ALONE);

    let sent: u64 = sessions.iter().map(|(_, session)| session.sent).sum();
    let echoed: u64 = sessions.iter().map(|(_, session)| session.echoed).sum();
    let [of, back] = [sent, echoed].map(|messages| Unit::Count.format(messages as f64));
    run.exact(&EVERY_ECHO, echoed == sent, format!("{back} of {of}"));
    run.exact(&CLOSED, left_open == 0, format!("{left_open} left open"));
    let others = (connections - 1) as f64;
    if run.text(&STEP).is_some() {
        for claim in [&POLLS_ALL, &POLLS_ONE, &HALF, &TWICE] {
            run.untestable(claim, "--step leaves the others out");
        }
    } else {
        run.every_trial(&POLLS_ALL, (POLLS, POLLED), |polls| polls >= 0.9 * others);
        let polls = [WAKERS, ASYNC_FN].into_iter().flat_map(|step| run.samples(POLLS, step));
        let most = polls.fold(0.0, f64::max);
        run.exact(&POLLS_ONE, most <= 2.0, format!("{} at most", Unit::Count.format(most)));
        let rates = run.ratios((RATE, ASYNC_FN), (RATE, TOKIO));
        run.robust(&HALF, &rates, Bound::AtLeast(0.5));
        let times = run.ratios((CPU, ASYNC_FN), (CPU, TOKIO));
        run.robust(&TWICE, &times, Bound::AtMost(2.0));
    }

    let shares = VARIANTS.iter().filter_map(|variant| in_the_kernel(variant, &sessions));
    run.observed(&KERNEL, shares.collect::<Vec<_>>().join(", "));

    let (holds, evidence, lanes) = story::days(ASYNC_FN)?;
    run.exact(&DAY, holds, evidence);
    run.lanes(lanes);

    let outcomes = ["polled", "deadlock"];
    run.possible(&LOST, (SCHEDULES, "look_then_say"), |ways| ways.ends_in(&outcomes))?;
    run.possible(&HEARD, (SCHEDULES, "say_then_look"), |ways| ways.ends_in(&["polled"]))
}

#[cfg(not(target_os = "linux"))]
fn run(run: &mut Run) -> anyhow::Result<()> {
    run.trials(|_| Ok(()))?;
    EXPERIMENT.claims.iter().for_each(|claim| run.untestable(claim, "epoll is Linux's"));
    Ok(())
}
