//! The program that an answer becomes: compiled by Cargo, run, but not for ever.

use std::fs::{self, File, TryLockError};
use std::io::{self, IsTerminal};
use std::path::{MAIN_SEPARATOR, Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use exercise::{Exercise, kept, root};
use indicatif::{ProgressBar, ProgressFinish};

use crate::Failure;

/// An answer that runs for longer goes round without a step.
const PATIENCE: Duration = Duration::from_secs(60);

/// What came of compiling an answer.
pub enum Built {
    Program(Program),
    /// What the compiler said.
    Broken(String),
}

/// A compiled answer. All answers of a kind become the same file, and so whoever
/// compiles another one waits until this is dropped.
pub struct Program {
    file: PathBuf,
    _ours: File,
}

/// Waits for the turn to compile and run an answer. The system ends it with the
/// file, and so with this process.
fn turn() -> io::Result<File> {
    fs::create_dir_all(kept())?;
    let file = File::create(kept().join("turn"))?;
    match file.try_lock() {
        Err(TryLockError::WouldBlock) => {
            eprintln!("waiting for another `cargo exercise` in this folder");
            file.lock()?;
        }
        Err(TryLockError::Error(error)) => return Err(error),
        Ok(()) => {}
    }
    Ok(file)
}

/// Compiles the file `answer` to `exercise`, and nobody else's.
pub fn build(exercise: &Exercise, answer: &Path) -> Result<Built, Failure> {
    let ours = turn().map_err(|error| {
        Failure::Failed(format!("cannot wait in {}: {error}", kept().display()))
    })?;
    let package = if exercise.explored { "answers" } else { "real-answers" };
    let colour = if io::stderr().is_terminal() { "always" } else { "never" };
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
    Ok(Built::Program(Program { file: here.with_file_name(program), _ours: ours }))
}

/// Runs a compiled answer.
pub fn execute(program: &Program, arguments: &[&str], out: Stdio) -> Result<ExitCode, Failure> {
    let failed = |error| Failure::Failed(format!("cannot run the answer: {error}"));
    let mut child = Command::new(&program.file)
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
