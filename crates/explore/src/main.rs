//! The schedule explorer for terminals.
//!
//! `cargo explore` lists what there is to explore; `cargo explore
//! race_condition load_then_store` explores it; `--replay` goes through one
//! schedule, `--step` lets you be the scheduler.

mod report;
mod step;

use std::io::{self, ErrorKind, IsTerminal, Write};
use std::path::Path;
use std::process::ExitCode;

use clap::Parser;
use explore::{EXPERIMENTS, Experiment};
use interleave::{Graph, Scenario, Schedule, Sources, telling};

/// Runs an experiment's own code under every schedule.
#[derive(Parser)]
#[command(name = "explore", bin_name = "cargo explore", version)]
struct Arguments {
    /// The experiment; without one, all are listed
    experiment: Option<String>,
    /// The scenario; without one, all of the experiment's
    scenario: Option<String>,
    /// Goes through a schedule, such as v1.1.2.2.1
    #[arg(long, value_name = "SCHEDULE", requires = "scenario")]
    replay: Option<String>,
    /// Lets you choose each step
    #[arg(long, requires = "scenario", conflicts_with = "replay")]
    step: bool,
    /// Prints the graphs as JSON
    #[arg(long, requires = "experiment", conflicts_with_all = ["replay", "step"])]
    json: bool,
    /// Writes schedules.json beside the example
    #[arg(long, conflicts_with_all = ["scenario", "replay", "step", "json"])]
    write: bool,
}

/// Why there is nothing to show.
enum Failure {
    /// It was asked for in a way that cannot be: exit code 2.
    Usage(String),
    /// It went wrong: exit code 1.
    Failed(String),
}

fn main() -> ExitCode {
    std::panic::set_hook(Box::new(|_| {}));
    let result = std::panic::catch_unwind(run).unwrap_or_else(|payload| {
        let message = payload.downcast_ref::<String>().map(String::as_str);
        let message = message.or(payload.downcast_ref::<&str>().copied()).unwrap_or("unknown");
        Err(Failure::Failed(format!("internal error, please report it: {message}")))
    });
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure::Usage(cause)) => {
            eprintln!("error: {cause}");
            ExitCode::from(2)
        }
        Err(Failure::Failed(cause)) => {
            eprintln!("error: {cause}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Failure> {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) if error.use_stderr() => return Err(Failure::Usage(first_line(&error))),
        Err(help) => return print(&help.to_string()),
    };
    let Some(name) = &arguments.experiment else {
        if arguments.write {
            return EXPERIMENTS.iter().try_for_each(write);
        }
        return print(&report::list(EXPERIMENTS));
    };
    let experiment =
        EXPERIMENTS.iter().find(|experiment| experiment.name == name).ok_or_else(|| {
            unknown("experiment", name, EXPERIMENTS.iter().map(|experiment| experiment.name))
        })?;
    if arguments.write {
        return write(experiment);
    }
    let Some(name) = &arguments.scenario else {
        let graphs = experiment.scenarios.iter().map(|scenario| explore(experiment, scenario));
        let graphs = graphs.collect::<Result<Vec<_>, _>>()?;
        return print(&match arguments.json {
            true => {
                interleave::Schedules::of(experiment.name, experiment.sources, graphs).to_json()
            }
            false => report::summary(experiment.name, &graphs),
        });
    };
    let scenarios = experiment.scenarios;
    let scenario = scenarios
        .iter()
        .find(|scenario| scenario.name == name)
        .ok_or_else(|| unknown("scenario", name, scenarios.iter().map(|scenario| scenario.name)))?;
    let graph = explore(experiment, scenario)?;
    let sources = Sources::of(experiment.sources);
    if arguments.step {
        if !io::stdin().is_terminal() || !io::stdout().is_terminal() {
            return Err(Failure::Failed("--step needs a terminal; --replay does not".into()));
        }
        let schedule = step::interact(&graph, &sources)
            .map_err(|cause| Failure::Failed(format!("cannot use the terminal: {cause}")))?;
        return print(&format!("{schedule}\n"));
    }
    if let Some(text) = &arguments.replay {
        let usage = |cause| Failure::Usage(format!("--replay {text}: {cause}"));
        let schedule: Schedule = text.parse().map_err(|cause| usage(format!("{cause}")))?;
        let states = graph.replay(&schedule).map_err(|refusal| usage(refusal.to_string()))?;
        return print(&telling::replay(&graph, &sources, &schedule, &states));
    }
    print(&match arguments.json {
        true => {
            interleave::Schedules::of(experiment.name, experiment.sources, vec![graph]).to_json()
        }
        false => report::outcomes(&graph),
    })
}

fn explore(experiment: &Experiment, scenario: &Scenario) -> Result<Graph, Failure> {
    scenario.explore(experiment.sources).map_err(|cause| {
        Failure::Failed(format!("cannot explore {} {}: {cause}", experiment.name, scenario.name))
    })
}

/// Writes `schedules.json` into the example's folder.
fn write(experiment: &Experiment) -> Result<(), Failure> {
    let failed = |cause| Failure::Failed(format!("cannot explore {}: {cause}", experiment.name));
    let json = experiment.explore().map_err(failed)?.to_json();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let file = root.join("examples").join(experiment.name).join("schedules.json");
    std::fs::write(&file, json).map_err(|cause| {
        Failure::Failed(format!(
            "cannot write examples/{}/schedules.json: {cause}",
            experiment.name
        ))
    })
}

fn unknown<'a>(what: &str, name: &str, known: impl Iterator<Item = &'a str>) -> Failure {
    let known: Vec<&str> = known.collect();
    Failure::Usage(format!("there is no {what} `{name}`; there are {}", known.join(", ")))
}

/// The line of a clap error that says what is wrong.
fn first_line(error: &clap::Error) -> String {
    let text = error.to_string();
    let mut lines = text.lines().take_while(|line| !line.is_empty()).map(str::trim);
    let first = lines.next().unwrap_or_default();
    let rest: Vec<&str> = lines.collect();
    let line = format!("{} {}", first.trim_start_matches("error: "), rest.join(", "));
    line.trim_end().into()
}

/// Prints, and stops quietly when nobody reads on.
fn print(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(cause) if cause.kind() != ErrorKind::BrokenPipe => {
            Err(Failure::Failed(format!("cannot write to standard output: {cause}")))
        }
        _ => Ok(()),
    }
}
