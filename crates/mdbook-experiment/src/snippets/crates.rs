//! The crates that snippets may use, as Cargo has built them, and the tools to use them with.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use anyhow::{Context, Result, bail};
use serde_json::Value;

/// What Cargo built for the snippets to use.
pub struct Crates {
    /// The target folder.
    pub target: PathBuf,
    /// Name and file of each crate that a snippet may name.
    named: Vec<(String, PathBuf)>,
    /// Folders with what those depend on.
    folders: BTreeSet<PathBuf>,
}

impl Crates {
    /// Builds the package `snippets` of the workspace that `root` is in. Which
    /// file is which crate is Cargo's to say: a target folder can hold several
    /// of one name.
    pub fn build(root: &Path) -> Result<Crates> {
        let cargo = || {
            let mut cargo = Command::new(tool("CARGO", "cargo"));
            cargo.current_dir(root);
            cargo
        };
        let output = run(cargo().args(["metadata", "--format-version", "1"]))?;
        if !output.status.success() {
            bail!("cannot list the book's crates: {}", String::from_utf8_lossy(&output.stderr));
        }
        let metadata: Value = serde_json::from_slice(&output.stdout)?;
        let target = PathBuf::from(metadata["target_directory"].as_str().unwrap_or("target"));
        let dependencies = dependencies(&metadata).context("there is no package `snippets`")?;

        let build = ["build", "--quiet", "--package", "snippets", "--message-format"];
        let mut build_command = cargo();
        build_command.args(build).arg("json-render-diagnostics");
        let output = run(&mut build_command)?;
        if !output.status.success() {
            bail!(
                "cannot build the crates that snippets use: {}",
                String::from_utf8_lossy(&output.stderr)
            );
        }
        let mut crates = Crates { target, named: Vec::new(), folders: BTreeSet::new() };
        for line in String::from_utf8_lossy(&output.stdout).lines() {
            let Ok(message) = serde_json::from_str::<Value>(line) else { continue };
            let file = message["filenames"].as_array().into_iter().flatten().find_map(|file| {
                let path = Path::new(file.as_str()?);
                let linked = ["rlib", "so", "dylib", "dll"];
                let extension = path.extension()?.to_str()?;
                linked.contains(&extension).then(|| path.to_owned())
            });
            let (Some(file), Some(package)) = (file, message["package_id"].as_str()) else {
                continue;
            };
            if let Some(folder) = file.parent() {
                crates.folders.insert(folder.to_owned());
                // A crate of the workspace lies above what it depends on.
                crates.folders.insert(folder.join("deps"));
            }
            for (name, _) in dependencies.iter().filter(|(_, id)| id == package) {
                crates.named.push((name.clone(), file.clone()));
            }
        }
        for (name, _) in &dependencies {
            if !crates.named.iter().any(|(named, _)| named == name) {
                bail!("cargo built no library for `{name}`, which the package snippets names");
            }
        }
        Ok(crates)
    }

    pub fn arguments(&self) -> Vec<String> {
        let named = self
            .named
            .iter()
            .flat_map(|(name, file)| ["--extern".to_owned(), format!("{name}={}", file.display())]);
        let folders = self
            .folders
            .iter()
            .flat_map(|folder| ["-L".to_owned(), format!("dependency={}", folder.display())]);
        named.chain(folders).collect()
    }
}

/// Names and package identifiers of what `snippets` depends on here.
fn dependencies(metadata: &Value) -> Option<Vec<(String, String)>> {
    let packages = metadata["packages"].as_array()?;
    let snippets = packages.iter().find(|package| package["name"] == "snippets")?;
    let nodes = metadata["resolve"]["nodes"].as_array()?;
    let node = nodes.iter().find(|node| node["id"] == snippets["id"])?;
    let host = |dependency: &&Value| {
        // On another system, a crate for one system alone is not built.
        cfg!(unix)
            || dependency["dep_kinds"]
                .as_array()
                .is_some_and(|kinds| kinds.iter().any(|kind| kind["target"].is_null()))
    };
    let name = |dependency: &Value| {
        Some((dependency["name"].as_str()?.to_owned(), dependency["pkg"].as_str()?.to_owned()))
    };
    node["deps"].as_array()?.iter().filter(host).map(name).collect()
}

/// The tool that Cargo named when it started us, or the one of the path.
pub fn tool(variable: &str, name: &str) -> PathBuf {
    std::env::var_os(variable).map_or_else(|| PathBuf::from(name), PathBuf::from)
}

pub fn run(command: &mut Command) -> Result<Output> {
    let program = command.get_program().to_string_lossy().into_owned();
    command.output().with_context(|| format!("cannot run `{program}`"))
}

pub fn write(path: &Path, text: &str) -> Result<()> {
    let parent = path.parent().unwrap_or(path);
    fs::create_dir_all(parent)
        .and_then(|()| fs::write(path, text))
        .with_context(|| format!("cannot write `{}`", path.display()))
}
