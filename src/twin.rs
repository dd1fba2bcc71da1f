//! Runs an experiment's Python twin and reads what it measured.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use crate::quantity::Unit;
use crate::report::{Measurement, Source, Twin};

/// What `twin.py --json` prints.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Printed {
    python: String,
    measurements: Vec<Series>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Series {
    name: String,
    variant: String,
    at: Option<f64>,
    unit: Unit,
    samples: Vec<f64>,
}

/// Fails if `python` cannot be started at all.
pub(crate) fn find(python: &str) -> Result<()> {
    Command::new(python)
        .arg("--version")
        .stdin(Stdio::null())
        .output()
        .map(drop)
        .with_context(|| format!("cannot run the Python twin with `{python}`"))
}

/// Runs the twin of the experiment `name`, whose text when it was compiled
/// was `source`, with `arguments`.
pub(crate) fn run(python: &str, name: &str, source: &str, arguments: &[String]) -> Result<Twin> {
    let script = script(name);
    let failed = || format!("cannot run the Python twin `{}` with `{python}`", script.display());
    let mut command = Command::new(python);
    command.arg(&script).args(arguments).arg("--json").stdin(Stdio::null());
    die_with_parent(&mut command);
    let output = command.output().with_context(failed)?;
    if !output.status.success() {
        let errors = String::from_utf8_lossy(&output.stderr);
        let last = errors.lines().rfind(|line| !line.trim().is_empty()).unwrap_or("no message");
        bail!("{}: {}: {}", failed(), output.status, last.trim());
    }
    let printed: Printed = serde_json::from_slice(&output.stdout)
        .with_context(|| format!("{}: it printed no report", failed()))?;
    if let Some(empty) = printed.measurements.iter().find(|series| series.samples.is_empty()) {
        bail!("{}: `{}` of `{}` has no samples", failed(), empty.name, empty.variant);
    }
    Ok(Twin {
        python: printed.python,
        source: Source::of([("twin.py", source)]),
        measurements: printed
            .measurements
            .into_iter()
            .map(|series| {
                Measurement::new(&series.name, &series.variant, series.unit, series.samples)
                    .at(series.at)
            })
            .collect(),
    })
}

fn script(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples").join(name).join("twin.py")
}

/// An interrupted experiment leaves no interpreter behind, even if the signal
/// reached the experiment alone.
#[cfg(target_os = "linux")]
fn die_with_parent(command: &mut Command) {
    use std::os::unix::process::CommandExt;

    use nix::sys::{prctl, signal::Signal};

    // SAFETY: between fork and exec this makes one system call and allocates
    // nothing.
    unsafe {
        command.pre_exec(|| prctl::set_pdeathsig(Signal::SIGINT).map_err(std::io::Error::from));
    }
}

#[cfg(not(target_os = "linux"))]
fn die_with_parent(_: &mut Command) {}
