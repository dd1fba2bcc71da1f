//! What the tests of the house share: where things are, and the built examples.

use std::collections::BTreeMap;
#[cfg(unix)]
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::Command;
#[cfg(unix)]
use std::process::{Child, ChildStdout, Stdio};
use std::sync::OnceLock;

#[cfg(unix)]
use nix::unistd::Pid;

/// The root of the repository.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("tests/ is in the root")
}

/// The names of all experiments, sorted: the folders of examples/ with a main.rs.
pub fn experiments() -> Vec<String> {
    let folders = std::fs::read_dir(root().join("examples")).expect("examples/ can be read");
    let mut names: Vec<String> = folders
        .map(|entry| entry.expect("examples/ can be read").path())
        .filter(|path| path.join("main.rs").exists())
        .filter_map(|path| Some(path.file_name()?.to_str()?.to_owned()))
        .collect();
    names.sort();
    names
}

/// A command that runs the experiment `name`, built as `cargo run --example` builds it.
pub fn experiment(name: &str) -> Command {
    static BUILT: OnceLock<BTreeMap<String, PathBuf>> = OnceLock::new();
    let built = BUILT.get_or_init(build);
    let path = built.get(name).unwrap_or_else(|| panic!("cargo built no example `{name}`"));
    let mut command = Command::new(path);
    can_be_interrupted(&mut command);
    command
}

/// A command that runs `scripts/NAME`.
pub fn script(name: &str) -> Command {
    let mut command = Command::new(root().join("scripts").join(name));
    can_be_interrupted(&mut command);
    command
}

/// Runs `name` and expects one line on standard error and nothing else.
pub fn refused(name: &str, options: &[&str]) -> (i32, String) {
    let output = experiment(name).args(options).output().unwrap();
    let errors = String::from_utf8(output.stderr).unwrap();
    assert_eq!(errors.lines().count(), 1, "{name} {options:?}: {errors}");
    (output.status.code().unwrap(), errors.trim_end().to_owned())
}

#[cfg(unix)]
/// An endless run of `name`, up to its first line, in a group of its own.
pub fn begun(name: &str) -> (Child, BufReader<ChildStdout>) {
    use std::os::unix::process::CommandExt;

    let mut child = experiment(name)
        .args(["--trials", "100000"])
        .process_group(0)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut output = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    output.read_line(&mut line).unwrap();
    assert!(line.starts_with(&format!("{name}: ")), "{line}");
    (child, output)
}

#[cfg(unix)]
/// The processes that `pid` has started and not yet waited for.
pub fn children(pid: u32) -> Vec<Pid> {
    let tasks = std::fs::read_dir(format!("/proc/{pid}/task")).into_iter().flatten().flatten();
    let lists = tasks.filter_map(|task| std::fs::read_to_string(task.path().join("children")).ok());
    let lists: Vec<_> = lists.collect();
    lists
        .iter()
        .flat_map(|list| list.split_whitespace())
        .map(|pid| Pid::from_raw(pid.parse().unwrap()))
        .collect()
}

/// What a shell starts in the background ignores Ctrl-C, and so would an
/// experiment that these tests start there.
#[cfg(unix)]
fn can_be_interrupted(command: &mut Command) {
    use std::os::unix::process::CommandExt;

    use nix::sys::signal::{SigHandler, Signal, signal};

    // SAFETY: between fork and exec this makes one system call and allocates
    // nothing; the default disposition has no handler that could be unsafe.
    unsafe {
        command.pre_exec(|| {
            signal(Signal::SIGINT, SigHandler::SigDfl)?;
            Ok(())
        });
    }
}

#[cfg(not(unix))]
fn can_be_interrupted(_: &mut Command) {}

fn build() -> BTreeMap<String, PathBuf> {
    let output = Command::new(env!("CARGO"))
        .args(["build", "--quiet", "--examples", "--message-format=json"])
        .current_dir(root())
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let messages = String::from_utf8(output.stdout).expect("cargo writes UTF-8");
    let built = messages.lines().filter_map(|line| {
        let message: serde_json::Value = serde_json::from_str(line).ok()?;
        let name = message["target"]["name"].as_str()?;
        Some((name.to_owned(), PathBuf::from(message["executable"].as_str()?)))
    });
    built.collect()
}
