//! The program that an answer becomes: compiled by Cargo, run, but not for ever.

use std::io::IsTerminal;
use std::path::{MAIN_SEPARATOR, Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use exercise::{Exercise, root};
use indicatif::{ProgressBar, ProgressFinish};

use crate::Failure;

/// An answer that runs for longer goes round without a step.
const PATIENCE: Duration = Duration::from_secs(60);

/// What came of compiling an answer.
pub enum Built {
    Program(PathBuf),
    /// What the compiler said.
    Broken(String),
}

/// Compiles the file `answer` to `exercise`, and nobody else's.
pub fn build(exercise: &Exercise, answer: &Path) -> Result<Built, Failure> {
    let package = if exercise.explored { "answers" } else { "real-answers" };
    let colour = if std::io::stderr().is_terminal() { "always" } else { "never" };
    let cargo = std::env::var_os("CARGO").unwrap_or("cargo".into());
    // Cleared when it is dropped, and nothing if it is not for a terminal.
    let spinner = ProgressBar::new_spinner()
        .with_message("compiling; the first time, all that an answer may use")
        .with_finish(ProgressFinish::AndClear);
    spinner.enable_steady_tick(Duration::from_millis(100));
    let output = Command::new(cargo)
        .args(["build", "--quiet", "--color", colour, "--package", package, "--bin", package])
        .env("EXERCISE", &exercise.name)
        .env("ANSWER", answer)
        .current_dir(root())
        .stdin(Stdio::null())
        .output()
        .map_err(|error| Failure::Failed(format!("cannot run cargo: {error}")))?;
    if !output.status.success() {
        // As a reader who stands in the root calls them.
        let root = format!("{}{MAIN_SEPARATOR}", root().display());
        let messages = String::from_utf8_lossy(&output.stderr).replace(&root, "");
        return Ok(Built::Broken(messages));
    }
    // Cargo has put it beside this program.
    let here = std::env::current_exe()
        .map_err(|error| Failure::Failed(format!("cannot find this program: {error}")))?;
    let program = format!("{package}{}", std::env::consts::EXE_SUFFIX);
    Ok(Built::Program(here.with_file_name(program)))
}

/// Runs a compiled answer.
pub fn execute(program: &Path, arguments: &[&str], out: Stdio) -> Result<ExitCode, Failure> {
    let failed = |error| Failure::Failed(format!("cannot run the answer: {error}"));
    let mut child = Command::new(program)
        .args(arguments)
        .current_dir(root())
        .stdin(Stdio::null())
        .stdout(out)
        .spawn()
        .map_err(failed)?;
    let began = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait().map_err(failed)? {
            break status;
        }
        if began.elapsed() > PATIENCE {
            child.kill().map_err(failed)?;
            child.wait().map_err(failed)?;
            return Err(Failure::Failed(format!(
                "the answer ran for {} s: is there a loop that takes no step?",
                PATIENCE.as_secs()
            )));
        }
        std::thread::sleep(Duration::from_millis(10));
    };
    match status.code() {
        Some(0) => Ok(ExitCode::SUCCESS),
        Some(code) => Ok(ExitCode::from(u8::try_from(code).unwrap_or(1))),
        None => Err(Failure::Failed(format!("the answer broke off: {status}"))),
    }
}
