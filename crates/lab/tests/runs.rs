//! Runs from a page, of experiments that behave well and of some that do not.
//!
//! Nothing here waits for a time to pass: the processes of the experiments in `tests/experiments/`
//! each hold a connection to the test, which closes when they end.

#![cfg(unix)]

mod support;

use std::path::Path;

use nix::errno::Errno;
use nix::sys::signal::kill;
use nix::unistd::Pid;
use serde_json::json;
use support::{Book, Lab, Life, Lives, Watch, output};

/// Runs `experiment` and waits until so many of its processes live.
fn begin(lab: &Lab, experiment: &str, processes: usize) -> (Watch, Vec<Life>) {
    let lives = Lives::listen();
    let parameters = json!({ "port": lives.port() });
    let run = lab.run(json!({ "experiment": experiment, "parameters": parameters }));
    let lives = lives.begun(processes);
    (run, lives)
}

fn stop(lab: &Lab, run: &Watch) {
    assert_eq!(lab.post(&format!("/lab/runs/{}/stop", run.id), "{}"), (202, json!({})));
}

/// Whether none of them is in the list of processes.
fn all_gone(lives: &[Life]) -> bool {
    lives.iter().all(|life| kill(Pid::from_raw(life.pid), None) == Err(Errno::ESRCH))
}

#[test]
fn a_run_is_told_from_the_queue_to_the_report() {
    let book = Book::with(&["calm"]);
    let lab = Lab::start(&book);
    let asked = json!({
        "experiment": "calm", "parameters": { "word": "a b; $(c)" }, "trials": 3, "quick": true,
    });
    let (status, answer) = lab.post("/lab/runs", &asked.to_string());
    assert_eq!(status, 201);
    let command = "cargo run --example calm -- --word 'a b; $(c)' --trials 3 --quick";
    assert_eq!(answer["command"], command);

    let (outcome, said, told) = lab.watch(answer["run"].as_str().unwrap()).end();
    assert_eq!(outcome, "finished", "{said}");
    assert!(said.starts_with("ran for "), "{said}");
    assert_eq!(told[0], json!({ "state": "queued", "ahead": 0 }));
    let states: Vec<_> = told.iter().filter_map(|told| told["state"].as_str()).collect();
    assert_eq!(states, ["queued", "compiling", "running", "done"]);
    let said = output(&told);
    assert!(said.starts_with("called with --json --live --word=a b; $(c) --trials=3 --quick\n"));
    assert!(told.contains(&json!({ "progress": [1, 1] })));
    assert_eq!(told[told.len() - 2]["report"]["experiment"], "calm");

    // Built once, it is not built again, and it has described itself.
    let state = lab.ask("/lab/experiments/calm");
    assert_eq!(state["state"], "ready");
    assert_eq!(state["description"]["parameters"][0]["name"], "port");
    let (_, _, told) = lab.run(json!({ "experiment": "calm" })).end();
    assert!(!told.contains(&json!({ "state": "compiling" })), "{told:?}");
}

#[test]
fn output_is_text_that_steers_nothing() {
    let book = Book::with(&["calm"]);
    let lab = Lab::start(&book);
    let (_, _, told) = lab.run(json!({ "experiment": "calm" })).end();
    assert!(output(&told).ends_with("\n␛[31m<script>alert(1)</script>␛[0m\n"), "{told:?}");
}

#[test]
fn a_run_that_is_stopped_leaves_nothing() {
    let book = Book::with(&["loops"]);
    let lab = Lab::start(&book);
    let (mut run, lives) = begin(&lab, "loops", 1);
    let mut said = String::new();
    while said.lines().count() < 2 {
        said += run.until("output").as_str().unwrap();
    }
    assert!(Path::new(said.lines().next().unwrap()).exists(), "{said}");
    stop(&lab, &run);
    let (outcome, said_last, _) = run.end();
    assert_eq!(outcome, "stopped", "{said_last}");
    assert!(said_last.starts_with("stopped after "), "{said_last}");
    assert!(all_gone(&lives));
    for left in said.lines() {
        assert!(!Path::new(left).exists(), "{left}");
    }
    let folder = Path::new(said.lines().next().unwrap()).parent().unwrap();
    assert!(!folder.exists(), "{}", folder.display());
}

#[test]
fn whoever_ignores_signals_or_leaves_the_group_ends_all_the_same() {
    let book = Book::with(&["ignores", "forks", "calm"]);
    let lab = Lab::start(&book);
    // Elsewhere than on Linux nobody finds those that have left the group.
    let forks = if cfg!(target_os = "linux") { &[("forks", 21)][..] } else { &[] };
    for &(experiment, processes) in [("ignores", 1)].iter().chain(forks) {
        let (run, lives) = begin(&lab, experiment, processes);
        stop(&lab, &run);
        assert_eq!(run.end().0, "stopped", "{experiment}");
        assert!(all_gone(&lives), "{experiment}");
    }
    assert_eq!(lab.run(json!({ "experiment": "calm" })).end().0, "finished");
}

#[test]
fn a_page_that_goes_takes_its_run_along() {
    let book = Book::with(&["ignores"]);
    let lab = Lab::start(&book);
    let (run, lives) = begin(&lab, "ignores", 1);
    drop(run);
    lives.into_iter().for_each(Life::ended);
    assert_eq!(lab.get("/").status, 200);
}

/// Takes five seconds: the time that a page has to begin to watch.
#[test]
fn a_run_that_nobody_watches_is_ended() {
    let book = Book::with(&["ignores"]);
    let lab = Lab::start(&book);
    let lives = Lives::listen();
    let asked = json!({ "experiment": "ignores", "parameters": { "port": lives.port() } });
    let (_, answer) = lab.post("/lab/runs", &asked.to_string());
    lives.begun(1).into_iter().for_each(Life::ended);
    let run = answer["run"].as_str().unwrap();
    assert_eq!(lab.try_watch(run, &lab.token).unwrap_err(), 404);
}

/// Takes a second, the limit that it sets.
#[test]
fn a_run_that_takes_too_long_is_ended() {
    let book = Book::with(&["ignores"]);
    let lab = Lab::start_with(&book, &["--run-limit", "1"]);
    let (run, lives) = begin(&lab, "ignores", 1);
    let (outcome, said, _) = run.end();
    assert_eq!((outcome.as_str(), said.as_str()), ("timed out", "ended after 1 s, the time limit"));
    assert!(all_gone(&lives));
}

#[test]
fn ctrl_c_ends_the_lab_and_what_it_runs() {
    let book = Book::with(&["ignores", "forks"]);
    for (experiment, processes) in [("ignores", 1), ("forks", 21)] {
        let lab = Lab::start(&book);
        let (run, lives) = begin(&lab, experiment, processes);
        let output = lab.interrupt();
        assert_eq!((output.code, output.stderr.as_str()), (0, ""));
        assert!(all_gone(&lives), "{experiment}");
        drop(run);
    }
}

#[test]
fn a_lab_that_is_killed_takes_what_it_runs_along() {
    let book = Book::with(&["forks"]);
    let lab = Lab::start(&book);
    let (run, lives) = begin(&lab, "forks", 21);
    lab.kill();
    lives.into_iter().for_each(Life::ended);
    drop(run);
}

#[test]
fn a_flood_is_cut_and_that_is_said() {
    let book = Book::with(&["floods"]);
    let lab = Lab::start(&book);
    let notice = "\n[more than 256 KB of output: the rest is not shown]\n";

    let much = json!({ "experiment": "floods", "parameters": { "word": "much" } });
    let (outcome, said, told) = lab.run(much).end();
    assert_eq!(outcome, "finished", "{said}");
    assert!(output(&told).len() == (256 << 10) + notice.len() && output(&told).ends_with(notice));

    let (outcome, said, told) = lab.run(json!({ "experiment": "floods" })).end();
    assert_eq!(outcome, "capped");
    assert_eq!(said, "ended, for it printed more than 16 MB");
    assert!(output(&told).ends_with(notice));
}

#[test]
fn whoever_ends_badly_is_told_of() {
    let book = Book::with(&["crashes"]);
    let lab = Lab::start(&book);
    for (word, expected) in [
        ("abort", "it crashed with SIGABRT"),
        ("exit", "it failed with exit code 1: crashes: cannot go on: no reason"),
        ("silent", "it printed no report: not a JSON object: EOF while parsing a value at"),
        ("liar", "it printed a report of `calm`"),
        ("panic", "it failed with exit code 101: "),
    ] {
        let asked = json!({ "experiment": "crashes", "parameters": { "word": word } });
        let (outcome, said, _) = lab.run(asked).end();
        assert_eq!(outcome, "failed", "{word}");
        assert!(said.starts_with(expected), "{word}: {said}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_grandchild_that_is_left_behind_is_ended() {
    let book = Book::with(&["orphan"]);
    let lab = Lab::start(&book);
    let (run, lives) = begin(&lab, "orphan", 2);
    let (outcome, said, told) = run.end();
    assert_eq!(outcome, "finished");
    assert!(said.ends_with("; it left a process behind, which was ended"), "{said}");
    assert!(told.iter().any(|told| told["report"]["experiment"] == "orphan"), "{told:?}");
    assert!(all_gone(&lives));
}

#[test]
fn runs_wait_for_one_another_and_not_too_many_of_them() {
    let book = Book::with(&["ignores"]);
    let lab = Lab::start(&book);
    let (first, lives) = begin(&lab, "ignores", 1);
    let mut waiting: Vec<Watch> =
        (0..8).map(|_| lab.run(json!({ "experiment": "ignores" }))).collect();
    for (ahead, run) in (1..).zip(&mut waiting) {
        assert_eq!(run.next(), Some(json!({ "state": "queued", "ahead": ahead })));
    }
    let (status, answer) = lab.post("/lab/runs", r#"{"experiment":"ignores"}"#);
    assert_eq!(status, 429);
    assert_eq!(answer["problem"], "8 runs are waiting already; try again later");
    // A second page cannot watch.
    assert_eq!(lab.try_watch(&first.id, &lab.token).unwrap_err(), 409);

    // One of those that wait goes: those behind it move up.
    let second = waiting.remove(0);
    stop(&lab, &second);
    assert_eq!(second.end().1, "stopped before it began");
    assert_eq!(waiting[0].next(), Some(json!({ "state": "queued", "ahead": 1 })));
    // So they do when the first has ended, and the next begins.
    stop(&lab, &first);
    assert_eq!(first.end().0, "stopped");
    assert!(all_gone(&lives));
    assert_eq!(waiting[0].next(), Some(json!({ "state": "running" })));
}

#[test]
fn what_does_not_compile_says_where_and_is_built_again_once_it_is_mended() {
    let book = Book::with(&["calm"]);
    let good = book.read("examples/calm/main.rs");
    book.write("examples/calm/main.rs", "fn main() {\n    no_such_name();\n}\n");
    let lab = Lab::start(&book);
    let (outcome, said, _) = lab.run(json!({ "experiment": "calm" })).end();
    assert_eq!(outcome, "failed");
    let mistake = "examples/calm/main.rs:2: cannot find function `no_such_name` in this scope";
    assert_eq!(said, format!("cannot build `calm`: {mistake}"));
    let state = lab.ask("/lab/experiments/calm");
    assert_eq!((&state["state"], &state["problem"]), (&json!("failed"), &json!(mistake)));

    book.write("examples/calm/main.rs", &good);
    assert_eq!(lab.run(json!({ "experiment": "calm" })).end().0, "finished");
}

#[test]
fn what_cargo_does_not_know_is_told() {
    let book = Book::with(&[]);
    let lab = Lab::start(&book);
    let (outcome, said, _) = lab.run(json!({ "experiment": "race" })).end();
    assert_eq!(outcome, "failed");
    assert!(said.contains("no example target named `race`"), "{said}");
}
