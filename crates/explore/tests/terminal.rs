//! The program as a reader meets it: what it prints, and how it ends.

use std::io::Read;
use std::process::{Command, Output, Stdio};

fn explore(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_explore")).args(arguments).output().unwrap()
}

fn printed(arguments: &[&str]) -> String {
    let output = explore(arguments);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    assert!(output.stderr.is_empty());
    String::from_utf8(output.stdout).unwrap()
}

/// The one line with which a wrong use ends, and its exit code.
fn refused(arguments: &[&str]) -> (i32, String) {
    let output = explore(arguments);
    assert!(output.stdout.is_empty());
    let text = String::from_utf8(output.stderr).unwrap();
    assert_eq!(text.lines().count(), 1, "{text}");
    (output.status.code().unwrap(), text.trim_end().into())
}

#[test]
fn everything_fits_in_80_columns() {
    let mut all = printed(&[]) + &printed(&["--help"]);
    for experiment in explore::EXPERIMENTS {
        all += &printed(&[experiment.name]);
        for scenario in experiment.scenarios {
            all += &printed(&[experiment.name, scenario.name]);
            let graph = scenario.explore(experiment.sources).unwrap();
            let witness = graph.outcomes[0].preemptive.shortest.clone().unwrap();
            all += &printed(&[experiment.name, scenario.name, "--replay", &witness]);
        }
    }
    // A schedule is one word, to be copied whole: a long one is longer.
    let is_schedule = |line: &str| line.trim().starts_with("v1.") && !line.trim().contains(' ');
    for line in all.lines().filter(|line| !is_schedule(line)) {
        assert!(line.chars().count() <= 80, "{line}");
    }
}

#[test]
fn outcomes_come_with_counts_and_witnesses() {
    let text = printed(&["race_condition", "load_then_store"]);
    assert!(text.contains("75 states, 70 schedules, 2 of them cooperative."), "{text}");
    assert!(text.contains("2: 1 preemption\n      v1.1.1.1.2.2.2.2.1"), "{text}");
    let text = printed(&["race_condition", "fetch_add"]);
    assert!(text.contains("No schedule ends in 3: these are all there are."), "{text}");
}

#[test]
fn a_replay_shows_each_line_and_what_it_changes() {
    let text = printed(&["race_condition", "load_then_store", "--replay", "v1.1.2.2.1"]);
    assert!(
        text.contains("3  thread 2  counter.rs:11 | counter.store(seen + 1, Relaxed);"),
        "{text}"
    );
    assert!(text.contains("stores 1 in counter; counter = 1"), "{text}");
    assert!(text.contains("It has not ended. Next can be:"), "{text}");
    let text = printed(&["deadlock", "two_orders", "--replay", "v1.1.2"]);
    assert!(text.contains("It ends: deadlock."), "{text}");
    assert!(text.contains("thread 1 waits for account 2, held by thread 2."), "{text}");
}

#[test]
fn wrong_use_is_told_in_one_line() {
    let cases: &[(&[&str], &str)] = &[
        (&["nothing"], "there is no experiment `nothing`; there are "),
        (&["deadlock", "nothing"], "there is no scenario `nothing`; there are two_orders, "),
        (&["--nothing"], "unexpected argument '--nothing' found"),
        (&["deadlock", "--replay", "v1"], "required"),
        (
            &["deadlock", "two_orders", "--replay", "v2.1"],
            "--replay v2.1: a schedule begins with `v1`",
        ),
        (&["deadlock", "two_orders", "--replay", "v1.9"], "step 1 is `9`: there is no such thread"),
        (
            &["deadlock", "two_orders", "--replay", "v1.1.2.1"],
            "step 3 is `1`: the program has ended",
        ),
    ];
    for (arguments, expected) in cases {
        let (code, text) = refused(arguments);
        assert_eq!(code, 2, "{text}");
        assert!(text.contains(expected), "{text}");
    }
    let (code, text) = refused(&["deadlock", "two_orders", "--step"]);
    assert_eq!((code, text.as_str()), (1, "error: --step needs a terminal; --replay does not"));
}

#[test]
fn json_is_what_is_written_beside_the_example() {
    let text = printed(&["deadlock", "--json"]);
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/deadlock/schedules.json");
    assert!(text == std::fs::read_to_string(file).unwrap());
}

#[test]
fn it_stops_quietly_when_nobody_reads_on() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_explore"))
        .args(["deadlock", "--json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut first = [0];
    child.stdout.take().unwrap().read_exact(&mut first).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    assert!(output.stderr.is_empty());
}
