//! Finds the exercises and writes the modules that compile them.
//!
//! `answer.rs`: the reader's answer, which is the file `ANSWER`, to the exercise
//! that `EXERCISE` names, for the program. `attempts.rs`: starter, solution and wrong answers of every
//! exercise, for the tests. Of both kinds of exercise a package takes its own:
//! `answers` those that are explored, `real-answers` the others.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() {
    // Asked for when it runs: the house may have moved since this was compiled.
    let package = env::var_os("CARGO_MANIFEST_DIR").expect("a build script has it");
    let exercises = Path::new(&package).join("../../exercises");
    let exercises = exercises.canonicalize().expect("exercises/ is in the root");
    println!("cargo::rerun-if-env-changed=EXERCISE");
    println!("cargo::rerun-if-env-changed=ANSWER");
    println!("cargo::rerun-if-changed={}", exercises.display());
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("a build script has it"));
    let explored = env!("CARGO_PKG_NAME") == "answers";

    let answer = match (env::var("EXERCISE"), env::var("ANSWER")) {
        (Ok(name), Ok(file)) if exercises.join(&name).is_dir() => {
            let attempt = attempt(&exercises, &name, &file, "answer_of");
            attempt + "const ANSWER: Option<exercise::Attempt> = Some(answer_of::ATTEMPT);\n"
        }
        _ => "const ANSWER: Option<exercise::Attempt> = None;\n".to_owned(),
    };
    write(&out.join("answer.rs"), &answer);

    let mut all = String::new();
    let mut list = String::new();
    for folder in folders(&exercises) {
        let check = fs::read_to_string(folder.join("check.rs")).unwrap_or_default();
        if check.contains("Case::Explored") != explored {
            continue;
        }
        let name = file_name(&folder);
        let wrong = files(&folder.join("wrong")).into_iter().map(|file| format!("wrong/{file}"));
        let files = ["starter.rs", "solution.rs"].map(str::to_owned).into_iter().chain(wrong);
        for file in files {
            let stem = file.trim_end_matches(".rs").replace('/', "_");
            let module = format!("{name}_{stem}");
            all.push_str(&attempt(&exercises, &name, &file, &module));
            let _ = writeln!(list, "    {module}::ATTEMPT,");
        }
    }
    let _ = write!(all, "const ATTEMPTS: &[exercise::Attempt] = &[\n{list}];\n");
    write(&out.join("attempts.rs"), &all);
}

/// A module that compiles a file of an exercise with the exercise's check. A
/// check uses what it needs of an answer, and an answer may have more.
fn attempt(exercises: &Path, name: &str, file: &str, module: &str) -> String {
    let path = |file: &str| format!("{:?}", exercises.join(name).join(file).display().to_string());
    let (answer, check) = (path(file), path("check.rs"));
    let short = file_name(Path::new(file));
    format!(
        "#[allow(dead_code)]
mod {module} {{
    #[path = {answer}]
    pub mod answer;
    #[path = {check}]
    pub mod check;
    pub const ATTEMPT: exercise::Attempt = exercise::Attempt {{
        exercise: {name:?},
        file: {file:?},
        check: &check::CHECK,
        sources: &[
            exercise::Source {{ name: {short:?}, text: include_str!({answer}) }},
            exercise::Source {{ name: \"check.rs\", text: include_str!({check}) }},
        ],
    }};
}}
"
    )
}

fn folders(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let mut folders: Vec<_> = entries.filter(|path| path.is_dir()).collect();
    folders.sort();
    folders
}

fn files(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let mut files: Vec<_> = entries.map(|path| file_name(&path)).collect();
    files.sort();
    files
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// Nothing is compiled again for a file that stays the same.
fn write(file: &Path, text: &str) {
    if fs::read_to_string(file).ok().as_deref() != Some(text) {
        fs::write(file, text).expect("the build's own folder can be written");
    }
}
