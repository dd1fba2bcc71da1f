//! Every experiment keeps the contract: its report is valid, its claims hold,
//! its record is fresh, and its twin measures the same things.

use std::path::Path;
use std::process::Command;
use std::sync::{Mutex, MutexGuard};

use house_tests::{experiment, experiments, root};
use jsonschema::Validator;
use serde_json::Value;
use taking_turns::claim::{Kind, Verdict};
use taking_turns::report::{Report, Source};

/// Experiments are timed one at a time.
fn alone() -> MutexGuard<'static, ()> {
    static TURN: Mutex<()> = Mutex::new(());
    TURN.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}

fn schema() -> Validator {
    let text = std::fs::read_to_string(root().join("src/report.schema.json")).unwrap();
    jsonschema::validator_for(&serde_json::from_str(&text).unwrap()).unwrap()
}

fn run(name: &str, options: &[&str]) -> String {
    let output = experiment(name).args(options).output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    // Which claims failed, and on what evidence.
    let failed: Vec<_> = Report::parse(&String::from_utf8_lossy(&output.stdout))
        .into_iter()
        .flat_map(|report| report.claims)
        .filter(|claim| claim.verdict == Some(Verdict::Fails))
        .map(|claim| format!("{}: {}", claim.id, claim.evidence))
        .collect();
    assert!(output.status.success(), "{name} {options:?}: {}: {failed:?} {errors}", output.status);
    assert!(errors.is_empty(), "{name} {options:?} wrote to standard error: {errors}");
    String::from_utf8(output.stdout).unwrap()
}

fn check_schema(what: &str, json: &str) {
    let report: Value = serde_json::from_str(json).unwrap();
    let errors: Vec<_> = schema()
        .iter_errors(&report)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(errors.is_empty(), "{what}: {errors:#?}");
    Report::parse(json).unwrap();
}

#[test]
fn a_quick_run_reports_by_the_schema_its_claims_hold_and_its_twin_measures_the_same() {
    let _turn = alone();
    for name in experiments() {
        let json = run(&name, &["--quick", "--json", "--check", "--twin"]);
        check_schema(&name, &json);
        let report = Report::parse(&json).unwrap();
        check_twin(&name, &report);
        // What is proved does not change from run to run.
        let folder = root().join("examples").join(&name);
        let proved = |report: Report| -> Vec<_> {
            report.claims.into_iter().filter(|claim| claim.kind == Kind::Possible).collect()
        };
        let recorded = Report::recorded(&folder, &name).unwrap();
        assert_eq!(proved(report), proved(recorded), "{name}");
    }
}

fn check_twin(name: &str, report: &Report) {
    let [twin] = &report.twins[..] else { panic!("{name}: {} twins", report.twins.len()) };
    assert!(!twin.measurements.is_empty(), "{name}");
    for measured in &twin.measurements {
        let known = report.measurements.iter().find(|m| m.name == measured.name);
        let unit = known.map(|m| m.unit);
        assert_eq!(unit, Some(measured.unit), "{name}: `{}` of its twin", measured.name);
    }
}

#[test]
fn a_run_for_people_fits_eighty_columns_and_its_trace_opens_in_a_viewer() {
    let _turn = alone();
    let folder = tempfile::tempdir().unwrap();
    for name in experiments() {
        let file = folder.path().join(&name);
        let text = run(&name, &["--quick", "--trace", file.to_str().unwrap()]);
        for line in text.lines() {
            assert!(line.chars().count() <= 80, "{name}: {line}");
        }
        assert!(text.contains("Read on: "), "{name} does not say where to read on:\n{text}");
        check_trace(&name, &std::fs::read_to_string(&file).unwrap());
    }
}

fn check_trace(name: &str, trace: &str) {
    let trace: Value = serde_json::from_str(trace).unwrap();
    let events = trace["traceEvents"].as_array().unwrap();
    let spans: Vec<_> = events.iter().filter(|event| event["ph"] == "X").collect();
    assert!(!spans.is_empty(), "{name}: nothing to see in its trace");
    for span in spans {
        assert!(span["ts"].as_f64().unwrap() >= 0.0, "{name}: {span}");
        assert!(span["dur"].as_f64().unwrap() >= 0.0, "{name}: {span}");
        let lane = events.iter().find(|event| {
            event["name"] == "thread_name"
                && event["pid"] == span["pid"]
                && event["tid"] == span["tid"]
        });
        assert!(lane.is_some(), "{name}: a span without a named lane: {span}");
    }
}

#[test]
fn records_are_valid_fresh_and_hold() {
    for name in experiments() {
        let folder = root().join("examples").join(&name);
        let json = std::fs::read_to_string(folder.join("recorded.json"))
            .unwrap_or_else(|error| panic!("no record: {error}; run scripts/record {name}"));
        check_schema(&name, &json);
        let report = Report::recorded(&folder, &name).unwrap();
        assert_eq!(json, report.to_json(), "{name}: its record was edited by hand");
        for source in [&report.source].into_iter().chain(report.twins.iter().map(|t| &t.source)) {
            let now = source.again(&folder).unwrap();
            assert_eq!(*source, now, "{name}: its record is stale; run scripts/record {name}");
        }
        for claim in &report.claims {
            let verdict = claim.verdict.map(|verdict| verdict.to_string());
            assert!(
                matches!(verdict.as_deref(), None | Some("holds")),
                "{name}: recorded claim `{}` {verdict:?}",
                claim.id
            );
        }
    }
}

#[test]
fn what_an_experiment_describes_is_what_it_reports() {
    for name in experiments() {
        let described: Value = serde_json::from_str(&run(&name, &["--describe"])).unwrap();
        let folder = root().join("examples").join(&name);
        let report = Report::recorded(&folder, &name).unwrap();
        assert_eq!(described["experiment"], name.as_str());
        assert_eq!(described["question"], report.question);
        let names = |list: &Value| -> Vec<String> {
            let list = list.as_array().unwrap().iter();
            list.map(|item| item["name"].as_str().or(item["id"].as_str()).unwrap().to_owned())
                .collect()
        };
        assert!(names(&described["parameters"]).len() <= 4, "{name} has too many options");
        let settings: Vec<_> = report.parameters.iter().map(|s| s.name.clone()).collect();
        assert_eq!(names(&described["parameters"]), settings, "{name}");
        let claims: Vec<_> = report.claims.iter().map(|claim| claim.id.clone()).collect();
        assert_eq!(names(&described["claims"]), claims, "{name}");

        let chapter = format!("book/{}.md", described["chapter"].as_str().unwrap());
        assert!(root().join(&chapter).exists(), "{name}: there is no {chapter}");
    }
}

#[test]
fn every_rust_file_of_an_experiment_is_hashed() {
    for name in experiments() {
        let described: Value = serde_json::from_str(&run(&name, &["--describe"])).unwrap();
        let source: Source = serde_json::from_value(described["source"].clone()).unwrap();
        let mut hashed = source.files.clone();
        // What it takes from another experiment is hashed, and is there too.
        let folder = root().join("examples").join(&name);
        assert_eq!(source, source.again(&folder).unwrap(), "{name}");
        hashed.retain(|file| !file.starts_with("../"));
        hashed.sort();
        let mut files = Vec::new();
        collect_sources(&folder, "", &mut files);
        files.sort();
        assert_eq!(hashed, files, "{name}: `sources!` names other files than there are");
    }
}

/// The files under `folder` that make an experiment what it is, in Rust or in
/// the assembly of our interpreter. The explorer's scenarios and tests are no part of it.
fn collect_sources(folder: &Path, inside: &str, files: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder.join(inside)).unwrap() {
        let entry = entry.unwrap();
        let name = format!("{inside}{}", entry.file_name().into_string().unwrap());
        if entry.file_type().unwrap().is_dir() {
            collect_sources(folder, &format!("{name}/"), files);
        } else if name != "scenarios.rs"
            && !name.ends_with("/tests.rs")
            && (name.ends_with(".rs") || name.ends_with(".asm"))
        {
            files.push(name);
        }
    }
}

/// What the first experiment waits for: nothing of ours is compiled with the notebook.
#[test]
fn the_notebook_depends_on_no_other_crate_of_ours() {
    let tree = Command::new(env!("CARGO"))
        .args(["tree", "--quiet", "--package", "taking-turns", "--edges", "normal,build"])
        .args(["--prefix", "none"])
        .current_dir(root())
        .output()
        .unwrap();
    let tree = String::from_utf8(tree.stdout).unwrap();
    let path = format!("({}", root().display());
    let ours: Vec<_> = tree.lines().filter(|line| line.contains(&path)).collect();
    assert!(matches!(ours[..], [line] if line.starts_with("taking-turns ")), "{ours:?}");
}

#[test]
fn the_readme_lists_every_experiment() {
    let readme = std::fs::read_to_string(root().join("README.md")).unwrap();
    for name in experiments() {
        assert!(readme.contains(&format!("`{name}`")), "README.md does not list `{name}`");
    }
}
