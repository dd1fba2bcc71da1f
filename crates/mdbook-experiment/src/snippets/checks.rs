//! What is asked of snippets and of counterparts, by rustdoc and the compiler.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, bail};
use serde_json::Value;

use super::Snippet;
use super::crates::{Crates, run, tool, write};
use super::images::{Names, image_of};
use crate::counterparts::{FILE, Named};
use crate::problem::Problem;

/// Tests `snippets`, and that there is each of `paths`; says on standard error
/// how many passed. What failed is printed there as well, and returned; an
/// error means that nothing was tested.
pub(crate) fn test(root: &Path, snippets: &[Snippet], paths: &[Named]) -> Result<Vec<Problem>> {
    if snippets.is_empty() && paths.is_empty() {
        return Ok(Vec::new());
    }
    let crates = Crates::build(root)?;
    let folder = root.file_name().map_or(PathBuf::new(), PathBuf::from);
    let folder = crates.target.join("snippets").join(folder);
    let mut problems = Vec::new();
    if !snippets.is_empty() {
        problems.extend(run_all(root, &folder, &crates, snippets)?);
    }
    if !paths.is_empty() {
        problems.extend(missing(&folder, &crates, paths)?);
    }
    Ok(problems)
}

/// Runs `snippets`.
fn run_all(
    root: &Path,
    folder: &Path,
    crates: &Crates,
    snippets: &[Snippet],
) -> Result<Vec<Problem>> {
    let mut problems = document(root, folder, crates, snippets)?;
    for snippet in snippets.iter().filter(|snippet| snippet.has("compile_fail")) {
        // Rustdoc has said so if it compiled; with which errors it did not is asked here.
        let place = |problem: &Problem| (problem.file.clone(), problem.line);
        let failed: BTreeSet<_> = problems.iter().map(place).collect();
        if failed.contains(&(snippet.file.clone(), snippet.line)) {
            continue;
        }
        if let Some(message) = wrong_code(folder, crates, snippet)? {
            problems.push(Problem { file: snippet.file.clone(), line: snippet.line, message });
        }
    }
    let failed = problems.len();
    eprintln!("book snippets: {} passed, {failed} failed", snippets.len() - failed);
    Ok(problems)
}

/// Runs rustdoc over images of the pages in `folder`.
fn document(
    root: &Path,
    folder: &Path,
    crates: &Crates,
    snippets: &[Snippet],
) -> Result<Vec<Problem>> {
    let mut library = String::from("#![allow(unused)]\n");
    let mut images: Vec<(PathBuf, Vec<&Snippet>)> = Vec::new();
    for (number, page) in snippets.chunk_by(|a, b| a.file == b.file).enumerate() {
        let image = folder.join(format!("page{number}.rs"));
        let lines = image_of(page);
        write(&image, &lines)?;
        writeln!(library, "mod page{number};")?;
        images.push((image, page.iter().collect()));
    }
    let library_file = folder.join("lib.rs");
    write(&library_file, &library)?;

    let mut rustdoc = Command::new(tool("RUSTDOC", "rustdoc"));
    rustdoc.current_dir(root).args(["--test", "--edition", "2024", "--crate-name", "snippets"]);
    rustdoc.args(crates.arguments()).arg(&library_file);
    // A backtrace tells of our wrapping; the message has page and line.
    rustdoc.env("RUST_BACKTRACE", "0");
    let output = run(&mut rustdoc)?;
    let report = format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    let names = Names::new(&images);
    let failed = names.failed(&report);
    if failed.is_empty() {
        let ran = names.ran(&report);
        if !output.status.success() || ran != snippets.len() {
            bail!(
                "rustdoc tested {ran} of {} snippets: {}\n{report}",
                snippets.len(),
                output.status
            );
        }
    } else {
        eprintln!("{}", names.translate(&report).trim());
    }
    Ok(failed
        .into_iter()
        .map(|(file, line)| Problem {
            file,
            line,
            message: "this snippet failed its test, see above".to_owned(),
        })
        .collect())
}

/// Those of `paths` that lead to nothing.
fn missing(folder: &Path, crates: &Crates, paths: &[Named]) -> Result<Vec<Problem>> {
    // Elsewhere nix has less or is not there, nor is what is Unix's of std and tokio.
    let here = |path: &&Named| {
        cfg!(target_os = "linux")
            || !(path.path.starts_with("nix::") || path.path.contains("::unix::"))
    };
    let paths: Vec<_> = paths.iter().filter(here).collect();
    // One line each, behind the line that makes a dead link an error.
    let mut library = String::from("#![deny(rustdoc::broken_intra_doc_links)]\n");
    for Named { path, .. } in &paths {
        let bare = path.trim_start_matches("#[").trim_end_matches(['!', ']']);
        let item = bare.rsplit("::").next().unwrap_or(bare);
        let kind = match path.ends_with(['!', ']']) {
            true => "macro@",
            false if item.starts_with(char::is_lowercase) => "fn@",
            false => "",
        };
        writeln!(library, "//! [{kind}{bare}]")?;
    }
    let file = folder.join("paths.rs");
    write(&file, &library)?;
    let mut rustdoc = Command::new(tool("RUSTDOC", "rustdoc"));
    rustdoc.args(["--edition", "2024", "--crate-name", "paths", "--error-format", "json"]);
    rustdoc.arg("--out-dir").arg(folder.join("paths")).args(crates.arguments()).arg(&file);
    let output = run(&mut rustdoc)?;
    let messages = String::from_utf8_lossy(&output.stderr);
    let dead: BTreeSet<u64> = messages
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .filter_map(|message| message["spans"][0]["line_start"].as_u64())
        .collect();
    if !output.status.success() && dead.is_empty() {
        bail!("rustdoc could not look for the counterparts: {}\n{messages}", output.status);
    }
    let problems: Vec<_> = dead
        .into_iter()
        .filter_map(|line| paths.get(usize::try_from(line).ok()?.checked_sub(2)?))
        .map(|Named { line, path }| Problem {
            file: FILE.to_owned(),
            line: *line,
            message: format!("there is no `{path}`"),
        })
        .collect();
    let (all, dead) = (paths.len(), problems.len());
    eprintln!("counterparts: {} paths found, {dead} not", all - dead);
    Ok(problems)
}

/// What is wrong with the errors that the compiler refuses `snippet` with.
fn wrong_code(folder: &Path, crates: &Crates, snippet: &Snippet) -> Result<Option<String>> {
    if snippet.codes().next().is_none() {
        return Ok(None);
    }
    let file = folder.join("refused.rs");
    write(&file, &snippet.program())?;
    let mut rustc = Command::new(tool("RUSTC", "rustc"));
    rustc.args(["--crate-type", "bin", "--emit", "metadata", "--error-format", "json"]);
    rustc.args(["--edition", snippet.edition(), "--out-dir"]).arg(folder);
    rustc.args(crates.arguments()).arg(&file);
    let output = run(&mut rustc)?;
    let messages = String::from_utf8_lossy(&output.stderr);
    let errors: Vec<Value> = messages
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok())
        // The last one has no place: it counts the others.
        .filter(|message: &Value| message["level"] == "error" && !message["spans"][0].is_null())
        .collect();
    let found: BTreeSet<&str> =
        errors.iter().filter_map(|error| error["code"]["code"].as_str()).collect();
    let missing: Vec<&str> = snippet.codes().filter(|code| !found.contains(code)).collect();
    if missing.is_empty() {
        return Ok(None);
    }
    for error in &errors {
        let line = error["spans"][0]["line_start"].as_u64().unwrap_or(0) as usize;
        let text = error["message"].as_str().unwrap_or_default();
        eprintln!("{}:{}: {text}", snippet.file, snippet.line_of(line));
    }
    let found = if found.is_empty() { "no code".to_owned() } else { join(found) };
    Ok(Some(format!("the compiler refuses this snippet with {found}, not with {}", join(missing))))
}

fn join<'a>(codes: impl IntoIterator<Item = &'a str>) -> String {
    codes.into_iter().collect::<Vec<_>>().join(", ")
}
