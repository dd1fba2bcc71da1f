//! An experiment's declaration, and its way from the command line to an exit code.

use std::fmt;
use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result, anyhow};
use serde_json::{Value, json};

use crate::claim::{Claim, Verdict};
use crate::live::Live;
use crate::options::{MOST_TRIALS, Options, Stop};
use crate::parameter::{Parameter, ParameterKind};
use crate::report::{self, Report, Source};
use crate::run::Run;
use crate::{machine, text, trace, twin};

/// What an experiment is, before it runs. Declared as a constant.
#[derive(Clone, Copy, Debug)]
pub struct Experiment {
    /// Its name, as in `cargo run --example NAME`.
    pub name: &'static str,
    /// The question that it answers.
    pub question: &'static str,
    /// Its chapter in the book, without ending: `races/race_condition`.
    pub chapter: &'static str,
    /// What a reader may change: four at most.
    pub parameters: &'static [&'static Parameter],
    /// The ways in which it does the work.
    pub variants: &'static [&'static str],
    /// What it claims. Every run decides each of them.
    pub claims: &'static [&'static Claim],
    /// Repetitions if none are asked for; all defaults together take less
    /// than ten seconds.
    pub trials: usize,
    /// Repetitions under `--quick`.
    pub quick_trials: usize,
    /// Whether trials that are not recorded come first, for a fifth of a second.
    pub warm_up: bool,
    /// Its Rust files and their text, by [`sources!`](crate::sources).
    pub sources: &'static [(&'static str, &'static str)],
    /// The text of its Python twin.
    pub twin: Option<&'static str>,
}

/// What the reader gave cannot be used, and why, in one line: a run that fails
/// with this ends with exit code 2.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misuse(pub String);

impl fmt::Display for Misuse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Misuse {}

/// The named files beside the caller, each with its text.
#[macro_export]
macro_rules! sources {
    ($($file:literal),+ $(,)?) => { &[$(($file, include_str!($file))),+] };
}

impl Experiment {
    /// Reads the command line, runs `body` and prints what it found.
    ///
    /// The code is 0 if it ran, 1 if it could not or if a claim failed under
    /// `--check`, 2 if the command line made no sense.
    pub fn main(&self, body: fn(&mut Run) -> Result<()>) -> ExitCode {
        let options = match Options::parse(self, std::env::args_os()) {
            Ok(options) => options,
            Err(Stop { text, code: 0 }) => {
                return quietly(print(&text)).unwrap_or(ExitCode::SUCCESS);
            }
            Err(Stop { text, code }) => {
                eprintln!("{text}");
                return ExitCode::from(code);
            }
        };
        match quietly(self.run(body, &options)) {
            Ok(code) => code,
            Err(error) => {
                eprintln!("{}: {error:#}", self.name);
                if error.is::<Misuse>() { ExitCode::from(2) } else { ExitCode::FAILURE }
            }
        }
    }

    fn run(&self, body: fn(&mut Run) -> Result<()>, options: &Options) -> Result<ExitCode> {
        if options.describe {
            print(&format!("{:#}\n", self.describe()))?;
            return Ok(ExitCode::SUCCESS);
        }
        if let Some(file) = &options.trace {
            writable(file)?;
        }
        options.pythons.iter().try_for_each(|python| twin::find(python))?;

        say(options, &text::heading(self, options))?;
        let mut run = Run::new(self, options);
        body(&mut run)?;
        let (mut report, lanes) = run.finish()?;
        for python in &options.pythons {
            if options.live {
                say(options, &format!("the twin runs with `{python}`\n"))?;
            }
            let source = self.twin.unwrap_or_default();
            report.twins.push(twin::run(python, self.name, source, &self.twin_arguments(options))?);
        }
        if let Some(file) = &options.trace {
            std::fs::write(file, trace::events(self.name, &lanes).to_string())
                .with_context(|| format!("cannot write the trace `{}`", file.display()))?;
        }
        print(&if options.json { report.to_json() } else { text::findings(self, &report) })?;
        let failed = report.claims.iter().any(|claim| claim.verdict == Some(Verdict::Fails));
        Ok(if options.check && failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
    }

    /// A report without what a run adds to it.
    pub(crate) fn blank_report(&self, options: &Options) -> Report {
        let command = format!("cargo run --example {}", self.name);
        Report {
            schema: report::SCHEMA,
            experiment: self.name.to_owned(),
            question: self.question.to_owned(),
            command: match options.typed.as_str() {
                "" => command,
                typed => format!("{command} -- {typed}"),
            },
            source: Source::of(self.sources.iter().copied()),
            machine: machine::describe(),
            parameters: self.settings(options),
            trials: report::Trials::default(),
            measurements: Vec::new(),
            charts: Vec::new(),
            claims: Vec::new(),
            timeline: None,
            twins: Vec::new(),
        }
    }

    pub(crate) fn settings(&self, options: &Options) -> Vec<report::Setting> {
        let settings = self.parameters.iter().zip(&options.values);
        settings
            .map(|(parameter, value)| report::Setting {
                name: parameter.name.to_owned(),
                value: value.clone(),
                unit: match parameter.kind {
                    ParameterKind::Count { unit, .. } => unit.to_owned(),
                    _ => String::new(),
                },
            })
            .collect()
    }

    fn describe(&self) -> Value {
        let parameter = |parameter: &&Parameter| match parameter.kind {
            ParameterKind::Count { default, quick, least, most, unit } => json!({
                "name": parameter.name, "help": parameter.help, "kind": "count",
                "default": default, "quick": quick, "least": least, "most": most, "unit": unit,
            }),
            ParameterKind::File => json!({
                "name": parameter.name, "help": parameter.help, "kind": "file",
            }),
            ParameterKind::Text { placeholder } => json!({
                "name": parameter.name, "help": parameter.help, "kind": "text",
                "placeholder": placeholder,
            }),
        };
        let claim =
            |claim: &&Claim| json!({ "id": claim.id, "kind": claim.kind, "text": claim.text });
        json!({
            "schema": report::SCHEMA,
            "experiment": self.name,
            "question": self.question,
            "chapter": self.chapter,
            "parameters": self.parameters.iter().map(parameter).collect::<Vec<_>>(),
            "trials": {
                "default": self.trials, "quick": self.quick_trials, "least": 1, "most": MOST_TRIALS,
            },
            "variants": self.variants,
            "claims": self.claims.iter().map(claim).collect::<Vec<_>>(),
            "source": Source::of(self.sources.iter().copied()),
            "twin": self.twin.is_some(),
        })
    }

    /// The twin takes the same options as the experiment.
    fn twin_arguments(&self, options: &Options) -> Vec<String> {
        let given = self.parameters.iter().zip(&options.values).filter_map(|(parameter, value)| {
            let value = value
                .as_str()
                .map(str::to_owned)
                .or_else(|| value.is_number().then(|| value.to_string()))?;
            Some([format!("--{}", parameter.name), value])
        });
        given.flatten().chain(["--trials".to_owned(), options.trials.to_string()]).collect()
    }
}

/// Refuses a file that cannot be written before anything is measured.
fn writable(file: &Path) -> Result<()> {
    let refuse = |cause: &str| Err(anyhow!("cannot write the trace `{}`: {cause}", file.display()));
    let folder = match file.parent() {
        Some(parent) if parent.as_os_str().is_empty() => Path::new("."),
        Some(parent) => parent,
        None => return refuse("it is a folder"),
    };
    match (file.is_dir(), folder.is_dir()) {
        (true, _) => refuse("it is a folder"),
        (_, false) => refuse(&format!("there is no folder `{}`", folder.display())),
        _ => Ok(()),
    }
}

/// Words for people: under `--json` none, or on standard error for a program
/// that shows them.
pub(crate) fn say(options: &Options, text: &str) -> Result<()> {
    match (options.json, options.live) {
        (false, _) => print(text).map(drop),
        (true, true) => Ok(Live::Say(text.to_owned()).write()?),
        (true, false) => Ok(()),
    }
}

/// Unlike `print!`, tells of a closed output instead of panicking.
pub(crate) fn print(text: &str) -> Result<ExitCode> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes()).and_then(|()| out.flush())?;
    Ok(ExitCode::SUCCESS)
}

/// A reader who closes our output, as `head` does, has read enough.
fn quietly(result: Result<ExitCode>) -> Result<ExitCode> {
    match result {
        Err(error)
            if error
                .downcast_ref::<io::Error>()
                .is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe) =>
        {
            Ok(ExitCode::SUCCESS)
        }
        other => other,
    }
}
