//! Builds experiments with Cargo, as `cargo run --example NAME` does, and has each describe itself.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde::Deserialize;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader};
use tokio::process::ChildStdout;
use tokio::time::timeout;

use crate::experiments::{Experiments, Ready, Sources};
use crate::process::Process;

/// `--describe` runs nothing: whoever takes longer will not answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// No description is longer.
const LONGEST_DESCRIPTION: u64 = 1 << 20;

/// One of the messages that Cargo prints as JSON, a line each.
#[derive(Deserialize)]
struct Message {
    reason: String,
    target: Option<Target>,
    executable: Option<PathBuf>,
    message: Option<Diagnostic>,
}

#[derive(Deserialize)]
struct Target {
    kind: Vec<String>,
    name: String,
}

#[derive(Deserialize)]
struct Diagnostic {
    level: String,
    message: String,
    spans: Vec<Span>,
}

#[derive(Deserialize)]
struct Span {
    file_name: String,
    line_start: usize,
    is_primary: bool,
}

/// The build was not finished.
#[derive(Debug)]
pub struct Interrupted;

/// Builds the experiment `name`, or all of them, unless `interrupt` comes first.
pub async fn build(
    experiments: &Experiments,
    name: Option<&str>,
    interrupt: impl Future<Output = ()>,
) -> Result<(), Interrupted> {
    let names = match name {
        Some(name) => vec![name.to_owned()],
        None => experiments.names(),
    };
    // Those that are built and are to be built along with the rest stay as they are meanwhile.
    let waiting = names.into_iter().filter(|it| name.is_some() || experiments.is_waiting(it));
    let sources: BTreeMap<String, Sources> =
        waiting.map(|name| (name.clone(), experiments.begin(&name))).collect();
    let mut building = match start(experiments.root(), name) {
        Ok(building) => building,
        Err(error) => {
            let problem = format!("{error:#}");
            for (name, &sources) in &sources {
                experiments.done(name, sources, Err(problem.clone()));
            }
            return Ok(());
        }
    };
    let stdout = building.stdout;
    let read = async {
        let mut stderr = String::new();
        let (problems, _) = tokio::join!(
            read_messages(experiments, &sources, stdout),
            building.stderr.read_to_string(&mut stderr),
        );
        (problems, stderr)
    };
    let finished = tokio::select! {
        (problems, stderr) = read => {
            let said = stderr.lines().find_map(|line| line.strip_prefix("error: "));
            let general = problems.general.as_deref().or(said);
            for (name, &sources) in &sources {
                if experiments.ready(name).is_some() {
                    continue;
                }
                let own = problems.own.get(name).map(String::as_str);
                let unnamed = format!("Cargo.toml names no example `{name}`");
                let problem = own.or(general).unwrap_or(&unnamed).to_owned();
                experiments.done(name, sources, Err(problem));
            }
            Ok(())
        }
        () = interrupt => {
            building.stop.now();
            experiments.give_up();
            Err(Interrupted)
        }
    };
    let _ = building.end.await;
    finished
}

fn start(root: &Path, name: Option<&str>) -> Result<Process> {
    // Cargo says which it is to those that it runs.
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut arguments: Vec<OsString> = ["build", "--quiet", "--message-format=json"]
        .map(OsString::from)
        .into_iter()
        .chain(["--manifest-path".into(), root.join("Cargo.toml").into()])
        .collect();
    match name {
        Some(name) => arguments.extend(["--example".into(), name.into()]),
        None => arguments.extend(["--examples".into(), "--keep-going".into()]),
    }
    Process::start(Path::new(&cargo), arguments, root)
}

/// What the compiler has found wrong, the first of each.
#[derive(Default)]
struct Problems {
    /// In an experiment.
    own: BTreeMap<String, String>,
    /// In what they all need.
    general: Option<String>,
}

async fn read_messages(
    experiments: &Experiments,
    sources: &BTreeMap<String, Sources>,
    stdout: ChildStdout,
) -> Problems {
    let mut problems = Problems::default();
    let mut lines = BufReader::new(stdout).lines();
    while let Ok(Some(line)) = lines.next_line().await {
        let Ok(message) = serde_json::from_str::<Message>(&line) else { continue };
        let Some(target) = message.target else { continue };
        let example = target.kind.iter().any(|kind| kind == "example");
        match (message.reason.as_str(), message.executable, message.message) {
            ("compiler-artifact", Some(executable), _) if example => {
                if let Some(&sources) = sources.get(&target.name) {
                    let ready = describe(&target.name, executable, experiments.root()).await;
                    let ready = ready.map_err(|error| format!("{error:#}"));
                    experiments.done(&target.name, sources, ready);
                }
            }
            ("compiler-message", _, Some(diagnostic)) if diagnostic.level == "error" => {
                let problem = diagnostic.in_one_line();
                match example {
                    true => drop(problems.own.entry(target.name).or_insert(problem)),
                    false => drop(problems.general.get_or_insert(problem)),
                }
            }
            _ => {}
        }
    }
    problems
}

impl Diagnostic {
    fn in_one_line(&self) -> String {
        let message = self.message.lines().next().unwrap_or_default();
        match self.spans.iter().find(|span| span.is_primary) {
            Some(span) => format!("{}:{}: {message}", span.file_name, span.line_start),
            None => message.to_owned(),
        }
    }
}

async fn describe(name: &str, executable: PathBuf, root: &Path) -> Result<Ready> {
    let asked = async {
        let process = Process::start(&executable, ["--describe"], root)?;
        let mut described = Vec::new();
        let mut output = process.stdout.take(LONGEST_DESCRIPTION);
        output.read_to_end(&mut described).await?;
        let end = process.end.await?;
        if end.code != Some(0) {
            bail!("it ended with {}", end.cause());
        }
        let described: serde_json::Value = serde_json::from_slice(&described)?;
        let description = serde_json::from_value(described.clone())?;
        anyhow::Ok((described, description))
    };
    let (described, description) = timeout(PATIENCE, asked)
        .await
        .unwrap_or_else(|_| bail!("it did not answer"))
        .with_context(|| format!("cannot use what `{name} --describe` says"))?;
    Ok(Ready { executable, description, described })
}
