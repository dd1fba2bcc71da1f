//! Can we share by talking?
//!
//! ```text
//! cargo run --example channels
//! cargo run --example channels -- --bound 100 --twin
//! ```
//!
//! Senders are quick, the receiver is slow. Look at the chart: how many
//! messages wait in the channel while the receiver works through them, with a
//! bound and without. Chapter: `book/races/channels.md`.

use std::process::ExitCode;
use std::sync::Arc;

use channels::books::{Books, Inbox};
use channels::{in_crossbeam, in_std, in_tokio};
use taking_turns::quantity::Unit;
use taking_turns::report::Scale::Linear;
use taking_turns::statistics::median;
use taking_turns::{Bound, Claim, Experiment, Parameter, Quantity, Run, Trial, sources};
use tokio::runtime::Builder;

const MESSAGES: Parameter =
    Parameter::count("messages", 2_000, (200, 10_000_000), "Messages, shared among the senders")
        .quick(1_000);
const SENDERS: Parameter =
    Parameter::count("senders", 4, (1, 64), "Threads or tasks that send to one channel");
const BOUND: Parameter =
    Parameter::count("bound", 16, (1, 1_000_000), "Messages that a bounded channel holds");
/// Ten thousand are some 35 µs here, far more than sending a message takes.
const WORK: Parameter = Parameter::count(
    "work",
    10_000,
    (0, 10_000_000),
    "Rounds of arithmetic that the receiver does for each message",
);

const STD: &str = "std, unbounded";
const STD_BOUND: &str = "std, bounded";
const CROSSBEAM: &str = "crossbeam, unbounded";
const CROSSBEAM_BOUND: &str = "crossbeam, bounded";
const TOKIO: &str = "tokio, unbounded";
const TOKIO_BOUND: &str = "tokio, bounded";
/// Of crossbeam, since std's have one receiver and tokio's too.
const TWO_RECEIVERS: &str = "two receivers";

const LONGEST: Quantity = Quantity::count("longest queue");
const FAULTS: Quantity = Quantity::count("faults");
const SENT: Quantity = Quantity::seconds("all sent");
const RECEIVED: Quantity = Quantity::seconds("all received");
const WAITING: Quantity = Quantity::count("waiting in the channel");
/// The clock of the chart: a receiver that works at an even pace.
const SO_FAR: Quantity = Quantity::count("messages received");

/// What the explorer found; `cargo explore channels` shows it.
const SCHEDULES: &str = include_str!("schedules.json");

const FORGOTTEN: Claim =
    Claim::possible("forgotten", "A receiver that keeps a sender never comes to the end.");
const DROPPED: Claim =
    Claim::possible("dropped", "One that drops it first does, in every schedule.");
const THREE: Claim =
    Claim::possible("three", "Three jobs fit into two channels of one and a worker.");
const FOUR: Claim =
    Claim::possible("four", "The fourth has no room: who hands in all jobs first waits for ever.");
const MEANWHILE: Claim =
    Claim::possible("meanwhile", "Whoever collects meanwhile gets all four, in every schedule.");
const ONCE: Claim =
    Claim::exact("once", "Every message arrives once, unchanged, and behind its sender's earlier.");
const WITHIN: Claim = Claim::exact("within", "A bounded channel never holds more than its bound.");
const GROWS: Claim =
    Claim::robust("grows", "Without a bound the queue grows to many times the bound.");
const HELD: Claim =
    Claim::observed("held", "Senders with a bound were held to the receiver's pace.");

const EXPERIMENT: Experiment = Experiment {
    name: "channels",
    question: "Can we share by talking?",
    chapter: "races/channels",
    parameters: &[&MESSAGES, &SENDERS, &BOUND, &WORK],
    variants: &[STD, STD_BOUND, CROSSBEAM, CROSSBEAM_BOUND, TOKIO, TOKIO_BOUND, TWO_RECEIVERS],
    claims: &[&FORGOTTEN, &DROPPED, &THREE, &FOUR, &MEANWHILE, &ONCE, &WITHIN, &GROWS, &HELD],
    trials: 10,
    quick_trials: 5,
    warm_up: false,
    sources: sources![
        "main.rs",
        "books.rs",
        "in_crossbeam.rs",
        "in_std.rs",
        "in_tokio.rs",
        "lib.rs",
        "pipeline.rs"
    ],
    twin: Some(include_str!("twin.py")),
};

fn main() -> ExitCode {
    EXPERIMENT.main(run)
}

fn run(run: &mut Run) -> anyhow::Result<()> {
    let [messages, senders, bound] =
        [&MESSAGES, &SENDERS, &BOUND].map(|parameter| run.count(parameter) as usize);
    let (each, work) = (messages.div_ceil(senders), run.count(&WORK));
    let open = || Books::open(senders, each, work);
    let shared = || Arc::new(open());
    let runtime = Builder::new_multi_thread().worker_threads(2).build()?;

    run.trials(|trial| {
        record(trial, STD, &open(), in_std::unbounded);
        record(trial, STD_BOUND, &open(), |books| in_std::bounded(books, bound));
        record(trial, CROSSBEAM, &open(), |books| {
            in_crossbeam::one_receiver(books, crossbeam_channel::unbounded())
        });
        record(trial, CROSSBEAM_BOUND, &open(), |books| {
            in_crossbeam::one_receiver(books, crossbeam_channel::bounded(bound))
        });
        record(trial, TOKIO, &shared(), |books| runtime.block_on(in_tokio::unbounded(books)));
        record(trial, TOKIO_BOUND, &shared(), |books| {
            runtime.block_on(in_tokio::bounded(books, bound))
        });
        record(trial, TWO_RECEIVERS, &open(), |books| {
            in_crossbeam::two_receivers(books, crossbeam_channel::bounded(bound))
        });
        Ok(())
    })?;

    run.lines(WAITING, SO_FAR, (Linear, Linear));

    for (claim, scenario, outcome) in [
        (&FORGOTTEN, "forgotten", "deadlock"),
        (&DROPPED, "dropped", "both arrived"),
        (&THREE, "three", "1 4 9"),
        (&FOUR, "four", "deadlock"),
        (&MEANWHILE, "meanwhile", "1 4 9 16"),
    ] {
        run.possible(claim, (SCHEDULES, scenario), |ways| ways.ends_in(&[outcome]))?;
    }
    let all = |quantity, variants: &[&str]| -> Vec<f64> {
        variants.iter().flat_map(|variant| run.samples(quantity, variant)).collect()
    };
    let faults: f64 = all(FAULTS, EXPERIMENT.variants).iter().sum();
    let longest = all(LONGEST, &[STD_BOUND, CROSSBEAM_BOUND, TOKIO_BOUND]);
    let longest = longest.into_iter().fold(0.0, f64::max);
    let sent = all(FAULTS, EXPERIMENT.variants).len() * each * senders;
    let sent = Unit::Count.format(sent as f64);
    let grown = run.ratios((LONGEST, STD), (LONGEST, STD_BOUND));
    let share = |variant| -> String {
        let [sent, received] = [SENT, RECEIVED].map(|moment| median(&run.samples(moment, variant)));
        Unit::Share.format(sent / received)
    };
    let [with, without] = [STD_BOUND, STD].map(share);
    run.exact(&ONCE, faults == 0.0, format!("{faults} faults, {sent} messages"));
    let longest_seen = format!("at most {longest} seen, bound {bound}");
    run.exact(&WITHIN, longest <= bound as f64, longest_seen);
    if messages >= 40 * bound && work >= 1_000 {
        run.robust(&GROWS, &grown, Bound::AtLeast(10.0));
    } else {
        run.untestable(&GROWS, "it takes 40 messages for each place, and 1000 rounds of work");
    }
    run.observed(&HELD, format!("all sent after {with} of the time, {without} without"));
    Ok(())
}

fn record<B: AsRef<Books>>(
    trial: &mut Trial,
    variant: &'static str,
    books: &B,
    exchange: impl FnOnce(&B) -> Inbox,
) {
    let (inbox, spent) = trial.time(variant, || exchange(books));
    let faults = inbox.lost() + inbox.doubled() + inbox.changed + inbox.overtaken;
    trial.record(FAULTS, variant, faults as f64);
    trial.record(SENT, variant, books.as_ref().last_sent().as_secs_f64());
    trial.record(RECEIVED, variant, spent.wall);
    // Two receivers cannot tell what is in the channel from what is in the
    // other's hands.
    if variant != TWO_RECEIVERS {
        let longest = inbox.waiting.iter().map(|&(_, waiting)| waiting).max();
        trial.record(LONGEST, variant, longest.unwrap_or(0) as f64);
        // Every hundredth look is enough for a picture.
        for &(received, waiting) in inbox.waiting.iter().skip(99).step_by(100) {
            trial.record_at(WAITING, variant, received as f64, waiting as f64);
        }
    }
}
