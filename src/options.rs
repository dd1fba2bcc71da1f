//! The command line that all experiments share.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::builder::NonEmptyStringValueParser;
use clap::error::ErrorKind;
use clap::{Arg, ArgAction, Command};
use serde_json::{Value, json};

use crate::experiment::Experiment;
use crate::parameter::{Parameter, ParameterKind};

/// Most trials that a reader may ask for.
pub(crate) const MOST_TRIALS: u64 = 100_000;

/// What the command line asks for.
#[derive(Clone, Debug)]
pub(crate) struct Options {
    /// A value for each parameter, in the order of their declaration.
    pub values: Vec<Value>,
    pub trials: usize,
    pub json: bool,
    /// Under `--json`, what is said meanwhile goes to standard error.
    pub live: bool,
    pub describe: bool,
    pub check: bool,
    pub trace: Option<PathBuf>,
    /// The interpreters to run the twin with.
    pub pythons: Vec<String>,
    /// The options that differ from their defaults, as they would be typed.
    pub typed: String,
}

/// Why there are no options: a text to print and the exit code to end with.
pub(crate) struct Stop {
    pub text: String,
    pub code: u8,
}

impl Options {
    pub fn parse(
        experiment: &Experiment,
        arguments: impl IntoIterator<Item = OsString>,
    ) -> Result<Options, Stop> {
        let mut command = command(experiment);
        let matches =
            command.try_get_matches_from_mut(arguments).map_err(|error| match error.kind() {
                ErrorKind::DisplayHelp => Stop { text: error.render().to_string(), code: 0 },
                kind => Stop { text: one_line(experiment, kind, &error), code: 2 },
            })?;
        let quick = matches.get_flag("quick");
        let mut typed = Vec::new();
        let mut values = Vec::new();
        for parameter in experiment.parameters {
            let (value, default) = match parameter.kind {
                ParameterKind::Count { default, quick: small, .. } => {
                    let default = if quick { small } else { default };
                    let given = matches.get_one::<u64>(parameter.name).copied();
                    (json!(given.unwrap_or(default)), json!(default))
                }
                ParameterKind::Text { .. } | ParameterKind::File => {
                    (json!(matches.get_one::<String>(parameter.name)), Value::Null)
                }
            };
            if value != default {
                let value = value.as_str().map_or(value.to_string(), str::to_owned);
                typed.push(format!("--{} {value}", parameter.name));
            }
            values.push(value);
        }
        let default = if quick { experiment.quick_trials } else { experiment.trials };
        let trials = matches.get_one::<u64>("trials").map_or(default, |&n| n as usize);
        if trials != default {
            typed.push(format!("--trials {trials}"));
        }
        if quick {
            typed.push("--quick".to_owned());
        }
        Ok(Options {
            values,
            trials,
            json: matches.get_flag("json"),
            live: matches.get_flag("live"),
            describe: matches.get_flag("describe"),
            check: matches.get_flag("check"),
            trace: matches.get_one::<PathBuf>("trace").cloned(),
            pythons: match experiment.twin {
                Some(_) => matches
                    .get_many::<String>("twin")
                    .map(|pythons| pythons.cloned().collect())
                    .unwrap_or_default(),
                None => Vec::new(),
            },
            typed: typed.join(" "),
        })
    }
}

fn command(experiment: &Experiment) -> Command {
    let mut command = Command::new(experiment.name)
        .about(experiment.question)
        .override_usage(format!("cargo run --example {} -- [OPTIONS]", experiment.name))
        .disable_version_flag(true)
        .args(experiment.parameters.iter().map(|parameter| own(parameter)))
        .arg(
            Arg::new("trials")
                .long("trials")
                .value_name("N")
                .allow_hyphen_values(true)
                .value_parser(|text: &str| whole_number(text, 1, MOST_TRIALS))
                .help(format!("Repetitions, 1 to {MOST_TRIALS} [default: {}]", experiment.trials)),
        )
        .arg(flag("quick", "A small size, for continuous integration"))
        .arg(flag("json", "Print the report as JSON and nothing else"))
        // For programs, not for readers: `crate::live` says what it does.
        .arg(flag("live", "").requires("json").hide(true))
        .arg(flag("describe", "Print parameters, variants and claims as JSON without running"))
        .arg(
            Arg::new("trace")
                .long("trace")
                .value_name("FILE")
                .value_parser(clap::value_parser!(PathBuf))
                .help("Write the timeline as trace events, for ui.perfetto.dev"),
        )
        .arg(flag("check", "Exit with 1 if a claim fails"));
    if experiment.twin.is_some() {
        command = command.arg(
            Arg::new("twin")
                .long("twin")
                .value_name("PYTHON")
                .num_args(0..=1)
                .require_equals(true)
                .default_missing_value("python3")
                .value_parser(NonEmptyStringValueParser::new())
                .value_delimiter(',')
                .action(ArgAction::Append)
                .help("Run the Python twin too; =PYTHON,… names interpreters"),
        );
    }
    command
}

/// An experiment's own option.
fn own(parameter: &Parameter) -> Arg {
    let arg = Arg::new(parameter.name).long(parameter.name);
    match parameter.kind {
        ParameterKind::Count { default, least, most, unit, .. } => arg
            .value_name(if unit.is_empty() { "N" } else { unit })
            .allow_hyphen_values(true)
            .value_parser(move |text: &str| whole_number(text, least, most))
            .help(format!("{}, {least} to {most} [default: {default}]", parameter.help)),
        ParameterKind::Text { placeholder } => {
            arg.value_name(placeholder).help(parameter.help.to_owned())
        }
        ParameterKind::File => arg.value_name("FILE").help(parameter.help.to_owned()),
    }
}

fn flag(name: &'static str, help: &'static str) -> Arg {
    Arg::new(name).long(name).action(ArgAction::SetTrue).help(help)
}

/// Underscores between digits are allowed, as in Rust and Python.
fn whole_number(text: &str, least: u64, most: u64) -> Result<u64, String> {
    let digits = text.replace('_', "");
    let number = digits.parse().ok().filter(|number| (least..=most).contains(number));
    number.ok_or_else(|| format!("a whole number from {least} to {most} is allowed"))
}

/// Clap's message is its first line; the rest is advice.
fn one_line(experiment: &Experiment, kind: ErrorKind, error: &clap::Error) -> String {
    let rendered = error.render().to_string();
    let first = rendered.lines().next().unwrap_or_default();
    let message = first.strip_prefix("error: ").unwrap_or(first);
    let mut text = format!("{}: {message}", experiment.name);
    match kind {
        ErrorKind::UnknownArgument => {
            let own = experiment.parameters.iter().map(|parameter| parameter.name);
            let shared = ["trials", "quick", "json", "describe", "trace", "check"];
            let twin = experiment.twin.map(|_| "twin");
            let names = own.chain(shared).chain(twin).chain(["help"]);
            let names: Vec<_> = names.map(|name| format!("--{name}")).collect();
            text.push_str(&format!("; allowed are {}", names.join(", ")));
        }
        // A value is missing; clap does not say which are allowed.
        ErrorKind::InvalidValue => {
            let named = |p: &&&Parameter| message.contains(&format!("--{} ", p.name));
            if let Some(parameter) = experiment.parameters.iter().find(named)
                && let ParameterKind::Count { least, most, .. } = parameter.kind
            {
                text.push_str(&format!("; a whole number from {least} to {most} is allowed"));
            }
        }
        _ => {}
    }
    text
}
