//! What does a switch cost?
//!
//! ```text
//! cargo run --example context_switch
//! cargo run --example context_switch -- --rounds 100000 --twin
//! ```
//!
//! Two players pass a ball. Look at what a pass takes, and at how many switches
//! the system counted for it: about one, or none.
//! Chapter: `book/threads/context_switch.md`.

mod pingpong;

use std::io;
use std::process::ExitCode;

#[cfg(target_os = "linux")]
use pingpong::on_one_core;
use pingpong::{parked, tasks, threads};
use taking_turns::quantity::Unit;
use taking_turns::statistics::median;
use taking_turns::{Bound, Claim, Experiment, Parameter, Quantity, Run, sources};

const ROUNDS: Parameter = Parameter::count(
    "rounds",
    20_000,
    (10_000, 1_000_000),
    "Times that the ball goes to and fro; ten times as many among tasks",
);
/// So that tasks are not done before the clock has moved.
const TASK_ROUNDS: u64 = 10;

const ALONE: &str = "nobody waits";
const PROCESSES: &str = "processes";
const THREADS: &str = "threads";
const PARKED: &str = "parked threads";
const TASKS: &str = "tasks";
const THREADS_ALL: &str = "threads, all cores";
const PARKED_ALL: &str = "parked, all cores";

const PASS: Quantity = Quantity::seconds("time of a pass");
const PASSES: Quantity = Quantity::count("passes");
const SWITCHES: Quantity = Quantity::count("switches by the system");

const CHEAP: Claim = Claim::robust(
    "tasks",
    "A pass between tasks takes at most a fifth of a pass between parked threads.",
);
const SWITCHED: Claim = Claim::robust(
    "switched",
    "On one core, every pass between threads or processes is a switch: 0.9 to 1.1 for a pass.",
);
const UNSEEN: Claim = Claim::robust(
    "unseen",
    "Of passes between tasks the system sees nothing: 0.01 switches for a pass, or fewer.",
);
const SYSTEM_CALLS: Claim = Claim::observed(
    "system-calls",
    "So much of a pass between threads is its two system calls, with nobody to wait for.",
);
const OTHER_CORES: Claim =
    Claim::observed("other-cores", "So long is a pass if the two threads may use all cores.");

const EXPERIMENT: Experiment = Experiment {
    name: "context_switch",
    question: "What does a switch cost?",
    chapter: "threads/context_switch",
    parameters: &[&ROUNDS],
    variants: &[ALONE, PROCESSES, THREADS, PARKED, TASKS, THREADS_ALL, PARKED_ALL],
    claims: &[&CHEAP, &SWITCHED, &UNSEEN, &SYSTEM_CALLS, &OTHER_CORES],
    trials: 7,
    quick_trials: 3,
    warm_up: true,
    sources: sources!["main.rs", "pingpong.rs"],
    twin: Some(include_str!("twin.py")),
};

fn main() -> ExitCode {
    EXPERIMENT.main(run)
}

fn run(run: &mut Run) -> anyhow::Result<()> {
    let rounds = run.count(&ROUNDS);
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;

    type Play<'a> = &'a dyn Fn(u64) -> io::Result<()>;
    let variants: &[(&'static str, Play)] = &[
        #[cfg(target_os = "linux")]
        (ALONE, &|rounds| on_one_core(|| pingpong::alone(rounds))?),
        #[cfg(target_os = "linux")]
        (PROCESSES, &|rounds| on_one_core(|| pingpong::processes(rounds))?),
        #[cfg(target_os = "linux")]
        (THREADS, &|rounds| on_one_core(|| threads(rounds))?),
        #[cfg(target_os = "linux")]
        (PARKED, &|rounds| Ok(on_one_core(|| parked(rounds))?)),
        #[cfg(target_os = "linux")]
        (TASKS, &|rounds| Ok(on_one_core(|| runtime.block_on(tasks(rounds)))?)),
        #[cfg(not(target_os = "linux"))]
        (TASKS, &|rounds| {
            runtime.block_on(tasks(rounds));
            Ok(())
        }),
        (THREADS_ALL, &|rounds| threads(rounds)),
        (PARKED_ALL, &|rounds| {
            parked(rounds);
            Ok(())
        }),
    ];
    run.trials(|trial| {
        for &(variant, play) in variants {
            let rounds = if variant == TASKS { rounds * TASK_ROUNDS } else { rounds };
            let before = switches();
            let (played, spent) = trial.time(variant, || play(rounds));
            played?;
            let passes = (2 * rounds) as f64;
            trial.record(PASS, variant, spent.wall / passes);
            trial.record(PASSES, variant, passes);
            if let Some((before, now)) = before.zip(switches()) {
                trial.record(SWITCHES, variant, now - before);
            }
        }
        Ok(())
    })?;

    let all_cores = [THREADS_ALL, PARKED_ALL].map(|v| of_median(run, v));
    if cfg!(not(target_os = "linux")) {
        for claim in [CHEAP, SWITCHED, UNSEEN, SYSTEM_CALLS] {
            run.untestable(&claim, "this system does not keep a program on one core");
        }
        run.observed(&OTHER_CORES, all_cores.join(" through pipes, ") + " parked");
        return Ok(());
    }

    let cheap = run.ratios((PASS, TASKS), (PASS, PARKED));
    run.robust(&CHEAP, &cheap, Bound::AtMost(0.2));

    // Whichever is furthest from one switch for a pass decides.
    let switches = |variant| run.ratios((SWITCHES, variant), (PASSES, variant));
    let apart = |ratios: &[f64]| ratios.first().map_or(0.0, |_| (median(ratios) - 1.0).abs());
    let players = [PROCESSES, THREADS, PARKED].map(switches);
    let worst = players.into_iter().max_by(|one, other| apart(one).total_cmp(&apart(other)));
    let among_tasks = switches(TASKS);
    run.robust(&SWITCHED, &worst.unwrap_or_default(), Bound::Within(0.9, 1.1));
    run.robust(&UNSEEN, &among_tasks, Bound::AtMost(0.01));

    let [calls, pass] = [ALONE, THREADS].map(|v| of_median(run, v));
    run.observed(&SYSTEM_CALLS, format!("{calls} of {pass}"));
    let [piped, unparked] = [THREADS, PARKED].map(|v| of_median(run, v));
    let [far, far_parked] = all_cores;
    let evidence = format!("pipes {far}, on one core {piped}; parked {far_parked}, {unparked}");
    run.observed(&OTHER_CORES, evidence);
    Ok(())
}

fn of_median(run: &Run, variant: &str) -> String {
    Unit::Seconds.format(median(&run.samples(PASS, variant)))
}

/// Times that a core went from a thread of this process, or of a child that it
/// has waited for, to somebody else.
#[cfg(unix)]
fn switches() -> Option<f64> {
    use nix::sys::resource::{UsageWho, getrusage};
    let of = |who| {
        let usage = getrusage(who).ok()?;
        Some(usage.voluntary_context_switches() + usage.involuntary_context_switches())
    };
    Some((of(UsageWho::RUSAGE_SELF)? + of(UsageWho::RUSAGE_CHILDREN)?) as f64)
}

#[cfg(not(unix))]
fn switches() -> Option<f64> {
    None
}
