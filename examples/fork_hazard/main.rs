//! Why fork before you thread?
//!
//! ```text
//! cargo run --example fork_hazard
//! cargo run --example fork_hazard -- --trials 1000 --twin
//! ```
//!
//! Look at who gets the lock after the thread that held it has let go, and at
//! the number of threads in each child. Chapter:
//! `book/processes/fork_hazard.md`.

#[cfg(target_os = "linux")]
mod hazard;
#[cfg(target_os = "linux")]
mod story;

use std::process::ExitCode;

use taking_turns::{Claim, Experiment, Quantity, Run, sources};

const OURS: &str = "ourselves";
const FORK: &str = "fork";
const FIRST: &str = "fork first";
const SERVER: &str = "fork server";
const EXEC: &str = "exec";
const PRINT: &str = "println";

const WHILE_HELD: Quantity = Quantity::share("got it while held");
const AFTER: Quantity = Quantity::share("got it afterwards");
const THREADS: Quantity = Quantity::count("threads");
const START: Quantity = Quantity::seconds("start to answer");

const NEVER: Claim = Claim::exact(
    "never",
    "Forked while another thread holds a lock, a child never gets it, though its parent does.",
);
const ALONE: Claim = Claim::exact(
    "alone",
    "The child has one thread: that which could release the lock is not in it.",
);
const FORKED_FIRST: Claim =
    Claim::exact("forked-first", "Forked before the thread was started, a child gets the lock.");
const SERVED: Claim = Claim::exact(
    "fork-server",
    "So does a child that was forked by a server that was forked before.",
);
const EXECED: Claim =
    Claim::exact("exec", "A program that was exec'd has a lock of its own, and gets it.");
const PRINTS: Claim = Claim::exact(
    "println",
    "A child that wants standard output, held at the fork by another thread, sleeps for ever.",
);
const CHILDLESS: Claim = Claim::exact("childless", "In the end there is no child left.");

const EXPERIMENT: Experiment = Experiment {
    name: "fork_hazard",
    question: "Why fork before you thread?",
    chapter: "processes/fork_hazard",
    parameters: &[],
    variants: &[OURS, FORK, FIRST, SERVER, EXEC, PRINT],
    claims: &[&NEVER, &ALONE, &FORKED_FIRST, &SERVED, &EXECED, &PRINTS, &CHILDLESS],
    trials: 20,
    quick_trials: 5,
    warm_up: false,
    sources: sources!["main.rs", "hazard.rs", "story.rs"],
    twin: Some(include_str!("twin.py")),
};

fn main() -> ExitCode {
    #[cfg(target_os = "linux")]
    if std::env::var_os(hazard::ANSWER).is_some() {
        hazard::answer(std::io::stdin(), std::io::stdout());
    }
    EXPERIMENT.main(run)
}

#[cfg(target_os = "linux")]
fn run(run: &mut Run) -> anyhow::Result<()> {
    use anyhow::Context;
    use nix::errno::Errno;
    use nix::sys::wait::waitpid;
    use taking_turns::quantity::Unit;

    let this = std::env::current_exe().context("cannot find this program")?;
    let (mut stories, mut childless) = (Vec::new(), Vec::new());
    run.trials(|trial| {
        let (told, _) = trial.time(FORK, || story::tell(&this));
        let mut told = told.context("a child failed")?;
        let (printed, _) = trial.time(PRINT, story::print_in_a_child);
        told.lives.push(printed.context("a child failed")?);
        trial.record(WHILE_HELD, OURS, told.ours.0.into());
        trial.record(AFTER, OURS, told.ours.1.into());
        for life in &told.lives {
            let tries = if life.variant == PRINT { 1 } else { story::TRIES };
            trial.record(WHILE_HELD, life.variant, life.while_held.into());
            trial.record(AFTER, life.variant, life.after as f64 / tries as f64);
            trial.record(THREADS, life.variant, life.threads as f64);
            // It was started long before it was asked; the other never answers.
            if life.variant != FIRST && life.variant != PRINT {
                trial.record(START, life.variant, life.start);
            }
        }
        childless.push(waitpid(None, None) == Err(Errno::ECHILD));
        stories.push(told);
        Ok(())
    })?;
    run.lanes(stories.last().expect("there is a trial").lanes());

    let got = |run: &Run, variant: &str| {
        let all = |quantity| run.samples(quantity, variant).into_iter();
        (all(WHILE_HELD).filter(|&got| got == 1.0).count(), all(AFTER).sum::<f64>())
    };
    let trials = stories.len();
    let tries = (story::TRIES * trials) as f64;
    let [(child, after), (ours, ours_after)] = [FORK, OURS].map(|variant| got(run, variant));
    let after = Unit::Count.format((after * story::TRIES as f64).round());
    let evidence = format!(
        "after release: child {after} of {}, we {ours_after} of {trials}",
        Unit::Count.format(tries)
    );
    let never = (child, after.as_str(), ours, ours_after) == (0, "0", 0, trials as f64);
    run.exact(&NEVER, never, evidence);
    run.every_trial(&ALONE, (THREADS, FORK), |threads| threads == 1.0);
    for (claim, variant) in [(&FORKED_FIRST, FIRST), (&SERVED, SERVER), (&EXECED, EXEC)] {
        let (at_once, after) = got(run, variant);
        let holds = at_once == trials && after == trials as f64;
        run.exact(claim, holds, format!("at once in {at_once} of {}", Unit::trials(trials)));
    }
    let asleep = stories.iter().flat_map(|told| &told.lives).filter(|life| life.variant == PRINT);
    let asleep = asleep.filter(|life| !life.while_held && life.after == 0 && life.threads == 1);
    let asleep = asleep.count();
    let evidence = format!("asleep until it was killed in {asleep} of {}", Unit::trials(trials));
    run.exact(&PRINTS, asleep == trials, evidence);
    let none = childless.iter().filter(|&&none| none).count();
    let evidence = format!("nobody to wait for in {none} of {}", Unit::trials(trials));
    run.exact(&CHILDLESS, none == trials, evidence);
    Ok(())
}

#[cfg(not(target_os = "linux"))]
fn run(run: &mut Run) -> anyhow::Result<()> {
    for claim in EXPERIMENT.claims {
        run.untestable(claim, "this system has no /proc to look at children by");
    }
    Ok(())
}
