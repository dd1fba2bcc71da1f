//! What does a process own?
//!
//! ```text
//! cargo run --example processes
//! cargo run --example processes -- --code 263 --twin
//! ```
//!
//! Look at the list that is printed, at the states that each of the two
//! programs went through, and at how its end is told. Chapter:
//! `book/processes/processes.md`.

#[cfg(target_os = "linux")]
mod look;
#[cfg(target_os = "linux")]
mod program;
#[cfg(target_os = "linux")]
mod story;

use std::process::ExitCode;

use taking_turns::{Claim, Experiment, Parameter, Quantity, Run, sources};

const CODE: Parameter = Parameter::count("code", 7, (0, 1_023), "With what `sh` is told to exit");

const EXITS: &str = "sh, exits";
const KILLED: &str = "cat, killed";
const MISSING: &str = "no such program";
const LIST: &str = "the list";

const EXIT_CODE: Quantity = Quantity::count("exit code");
const SIGNAL: Quantity = Quantity::count("signal");
/// 1 if the program has this one for its parent.
const OURS: Quantity = Quantity::count("child of ours");
/// 1 if it was a zombie from its end until it was waited for.
const ZOMBIE: Quantity = Quantity::count("zombie");
const PROCESSES: Quantity = Quantity::count("processes");
const THREADS: Quantity = Quantity::count("threads");
const VANISHED: Quantity = Quantity::count("vanished");
const DENIED: Quantity = Quantity::count("denied");

const PIDS: Claim = Claim::exact(
    "own-pid",
    "Each program has a PID of its own, the one that fork told: exec does not change it.",
);
const PARENTS: Claim =
    Claim::exact("own-parent", "Its parent is this process: so it says, and so says /proc.");
const FOLDERS: Claim = Claim::exact(
    "own-folder",
    "The child's change of folder stays with it after exec, and ours is where it was.",
);
const STATES: Claim = Claim::exact(
    "states",
    "A program is asleep, stopped, asleep again, then a zombie; waited for, it is gone.",
);
const ENDS: Claim = Claim::exact(
    "ends",
    "wait gives the low eight bits of an exit code, or the signal that killed the program.",
);
const NOT_STARTED: Claim =
    Claim::exact("not-started", "A program that does not exist is reported, and leaves no child.");
const OUT_OF_DATE: Claim = Claim::exact(
    "out-of-date",
    "Two that ended after the PIDs were listed are counted as vanished, and harm nobody.",
);
const CHILDLESS: Claim =
    Claim::exact("childless", "In the end there is no child left, not even a zombie.");
const MACHINE: Claim =
    Claim::observed("on-this-machine", "Processes and threads that could be seen.");

const EXPERIMENT: Experiment = Experiment {
    name: "processes",
    question: "What does a process own?",
    chapter: "processes/processes",
    parameters: &[&CODE],
    variants: &[EXITS, KILLED, MISSING, LIST],
    claims: &[
        &PIDS,
        &PARENTS,
        &FOLDERS,
        &STATES,
        &ENDS,
        &NOT_STARTED,
        &OUT_OF_DATE,
        &CHILDLESS,
        &MACHINE,
    ],
    trials: 20,
    quick_trials: 5,
    warm_up: false,
    sources: sources!["main.rs", "program.rs", "look.rs", "story.rs"],
    twin: Some(include_str!("twin.py")),
};

/// Rows of the list that are printed.
#[cfg(target_os = "linux")]
const SHOWN: usize = 12;

fn main() -> ExitCode {
    EXPERIMENT.main(run)
}

#[cfg(target_os = "linux")]
fn run(run: &mut Run) -> anyhow::Result<()> {
    use nix::errno::Errno;
    use nix::libc::{ENOENT, SIGTERM};
    use nix::sys::signal::Signal;
    use nix::sys::wait::{WaitPidFlag, waitpid};
    use program::End;
    use taking_turns::quantity::Unit;

    let code = run.count(&CODE);
    let mut stories = Vec::new();
    run.trials(|trial| {
        let (told, _) = trial.time(EXITS, || story::tell(code));
        let told = told?;
        for (variant, life) in [(EXITS, &told.sh), (KILLED, &told.cat)] {
            match life.end {
                End::ExitCode(code) => trial.record(EXIT_CODE, variant, code.into()),
                End::Signal(signal) => trial.record(SIGNAL, variant, (signal as i32).into()),
            }
            trial.record(ZOMBIE, variant, f64::from(life.states.ends_with('Z')));
            trial.record(OURS, variant, f64::from(life.parent == nix::unistd::getpid()));
        }
        let (missing, _) = trial.time(MISSING, || program::start(&[c"/no/such/program"]));
        let missing = missing.err().and_then(|error| error.raw_os_error());
        trial.record(PROCESSES, LIST, told.list.processes.len() as f64);
        let threads = told.list.processes.iter().map(|process| process.threads).sum::<u64>();
        trial.record(THREADS, LIST, threads as f64);
        trial.record(VANISHED, LIST, told.late.vanished as f64);
        trial.record(DENIED, LIST, told.late.denied as f64);
        let left = waitpid(None, Some(WaitPidFlag::WNOHANG));
        trial.record(ZOMBIE, MISSING, f64::from(left != Err(Errno::ECHILD)));
        stories.push((told, missing, left));
        Ok(())
    })?;
    let (last, ..) = stories.last().expect("there is a trial");
    last.list.rows(SHOWN).iter().try_for_each(|row| run.say(row))?;

    let all = stories.len();
    let mut decide = |claim, evidence: &str, holds: &dyn Fn(&story::Story) -> bool| {
        let kept = stories.iter().filter(|(told, ..)| holds(told)).count();
        let evidence = match evidence {
            "" => format!("{kept} of {}", Unit::trials(all)),
            more => format!("{more} in {kept} of {}", Unit::trials(all)),
        };
        run.exact(claim, kept == all, evidence);
    };
    let ours = nix::unistd::getpid();
    decide(&PIDS, "", &|told| {
        let [sh, cat] = [told.sh.pid, told.cat.pid];
        sh != cat && sh != ours && cat != ours && told.said.0 == sh && told.listed == [1, 1]
    });
    decide(&PARENTS, "", &|told| {
        told.said.1 == ours && told.sh.parent == ours && told.cat.parent == ours
    });
    decide(&FOLDERS, "/ there", &|told| told.folders_apart);
    let states = "sh S Z, cat S T S Z, then neither,";
    decide(&STATES, states, &|told| {
        let states = (told.sh.states.as_str(), told.cat.states.as_str());
        states == ("SZ", "STSZ") && told.signal_0_found_zombies && told.gone
    });
    let low = code as i32 & 0xff;
    decide(&ENDS, &format!("exit {code} gave {low}, SIGTERM {SIGTERM},"), &|told| {
        told.sh.end == End::ExitCode(low) && told.cat.end == End::Signal(Signal::SIGTERM)
    });
    decide(&OUT_OF_DATE, "", &|told| told.both_vanished);

    let refused = stories.iter().filter(|(_, error, _)| *error == Some(ENOENT)).count();
    let evidence = format!("ENOENT in {refused} of {}", Unit::trials(all));
    run.exact(&NOT_STARTED, refused == all, evidence);
    let childless = stories.iter().filter(|(.., left)| *left == Err(Errno::ECHILD)).count();
    let evidence = format!("nobody to wait for in {childless} of {}", Unit::trials(all));
    run.exact(&CHILDLESS, childless == all, evidence);

    let threads = last.list.processes.iter().map(|process| process.threads).sum::<u64>();
    let (seen, denied) = (last.list.processes.len(), last.list.denied);
    run.observed(&MACHINE, format!("{seen} processes, {threads} threads, {denied} denied"));
    Ok(())
}

#[cfg(not(target_os = "linux"))]
fn run(run: &mut Run) -> anyhow::Result<()> {
    for claim in EXPERIMENT.claims {
        run.untestable(claim, "this system has no /proc");
    }
    Ok(())
}
