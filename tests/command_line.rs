//! Bad input gets one clear line and the right exit code.

use std::net::TcpListener;
use std::os::unix::process::CommandExt;
use std::process::{Command, Stdio};

use house_tests::{experiment, refused, script};
use nix::sys::resource::{Resource, setrlimit};
use taking_turns::live::Live;
use taking_turns::report::Report;

#[test]
fn a_usage_error_names_the_option_the_value_and_what_is_allowed() {
    let allowed = "a whole number from 1 to 64 is allowed";
    let invalid = |value| format!("invalid value '{value}' for '--threads <N>': {allowed}");
    let unknown = |word| {
        format!(
            "unexpected argument '{word}' found; allowed are --threads, --increments, --trials, \
             --quick, --json, --describe, --trace, --check, --twin, --help"
        )
    };
    let huge = "99999999999999999999999";
    for (options, message) in [
        (&["--bogus"][..], unknown("--bogus")),
        (&["7"], unknown("7")),
        (&["--threads", "0"], invalid("0")),
        (&["--threads", "65"], invalid("65")),
        (&["--threads", "two"], invalid("two")),
        (&["--threads", "2.5"], invalid("2.5")),
        (&["--threads", "-1"], invalid("-1")),
        (&["--threads", "--json"], invalid("--json")),
        (&["--threads", huge], invalid(huge)),
        (
            &["--threads"],
            format!("a value is required for '--threads <N>' but none was supplied; {allowed}"),
        ),
        (
            &["--threads", "2", "--threads", "3"],
            "the argument '--threads <N>' cannot be used multiple times".to_owned(),
        ),
        (
            &["--trials", "0"],
            "invalid value '0' for '--trials <N>': a whole number from 1 to 100000 is allowed"
                .to_owned(),
        ),
    ] {
        let (code, error) = refused("race_condition", options);
        assert_eq!((code, error), (2, format!("race_condition: {message}")), "{options:?}");
    }
}

#[test]
fn underscores_are_allowed_in_numbers() {
    let output =
        experiment("race_condition").args(["--quick", "--increments", "1_000"]).output().unwrap();
    assert!(output.status.success());
    assert!(String::from_utf8_lossy(&output.stdout).contains("increments 1000"));
}

#[test]
fn a_trace_that_cannot_be_written_is_refused_before_the_run() {
    for (file, cause) in [
        ("/nowhere/at/all/trace.json", "there is no folder `/nowhere/at/all`"),
        ("/", "it is a folder"),
    ] {
        let (code, error) = refused("race_condition", &["--trace", file]);
        assert_eq!(code, 1);
        assert_eq!(error, format!("race_condition: cannot write the trace `{file}`: {cause}"));
    }
}

#[test]
fn a_missing_interpreter_is_named() {
    let (code, error) = refused("race_condition", &["--twin=no-such-python"]);
    assert_eq!(code, 1);
    assert!(error.starts_with("race_condition: cannot run the Python twin with `no-such-python`"));

    // The interpreter that --twin looks for on its own.
    let output = experiment("race_condition").arg("--twin").env("PATH", "").output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(error.starts_with("race_condition: cannot run the Python twin with `python3`"));
}

#[test]
fn a_reader_may_close_the_output_early() {
    for options in [&["--quick"][..], &["--quick", "--json"], &["--help"], &["--describe"]] {
        let mut child = experiment("race_condition")
            .args(options)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
        assert_eq!(output.status.code(), Some(0), "{options:?}");
    }
}

#[test]
fn what_is_said_live_leaves_the_report_alone() {
    let options = ["--json", "--live", "--quick", "--trials", "2"];
    let output = experiment("sequential").args(options).output().unwrap();
    Report::parse(std::str::from_utf8(&output.stdout).unwrap()).unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    let said: Vec<_> = said.lines().map(|line| Live::parse(line).expect(line)).collect();
    assert!(matches!(&said[0], Live::Say(text) if text.starts_with("sequential: ")), "{said:?}");
    assert!(said.contains(&Live::Progress(2, 2)), "{said:?}");
}

#[test]
fn https_without_its_feature_names_the_feature() {
    let (code, error) = refused("io_bound", &["--json", "--url", "https://example.org/"]);
    assert_eq!(code, 1);
    assert!(error.ends_with("HTTPS needs the feature: --features tls"), "{error}");
}

#[test]
fn a_record_of_an_unknown_experiment_is_refused() {
    let output = Command::new(house_tests::root().join("scripts/record"))
        .arg("no_such_thing")
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    let error = String::from_utf8_lossy(&output.stderr);
    assert_eq!(error, "record: there is no experiment `no_such_thing` in examples/\n");
}

/// What `connections --quick` says of its limit, where it finds these two.
fn limited(soft: u64, hard: u64) -> std::process::Output {
    let mut command = experiment("connections");
    command.args(["--quick", "--trials", "1", "--json"]);
    // SAFETY: between fork and exec this makes one system call and allocates
    // nothing.
    unsafe {
        command.pre_exec(move || Ok(setrlimit(Resource::RLIMIT_NOFILE, soft, hard)?));
    }
    command.output().unwrap()
}

#[test]
fn the_limit_on_open_files_is_raised_and_told() {
    for (limits, told) in [
        ((256, 2_000), "1064, found at 256: room for 1000 of 1000"),
        ((256, 364), "364, found at 256: room for 300 of 1000"),
        ((1_500, 2_000), "1500, found at 1500: room for 1000 of 1000"),
    ] {
        let output = limited(limits.0, limits.1);
        let report = Report::parse(&String::from_utf8(output.stdout).unwrap()).unwrap();
        let claim = |id: &str| report.claims.iter().find(|claim| claim.id == id).unwrap();
        assert_eq!(claim("limit").evidence, told);
        assert_eq!(claim("all-answered").verdict.unwrap().to_string(), "holds");
    }
    let output = limited(100, 100);
    assert_eq!(output.status.code(), Some(2));
    let error = String::from_utf8(output.stderr).unwrap();
    let told = "connections: a limit of 100 open files is too low; see `ulimit -n`\n";
    assert_eq!(error, told);
}

#[test]
fn a_port_that_cannot_be_had_is_named() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let (code, error) = refused("web_server", &["--json", "--serve", &port]);
    let cause = "Address already in use (os error 98)";
    assert_eq!(code, 1);
    assert_eq!(error, format!("web_server: cannot serve on port {port}: {cause}"));
    for port in ["http", "65536", "-1"] {
        let (code, error) = refused("web_server", &["--json", &format!("--serve={port}")]);
        let allowed = "a port from 0 to 65535 is allowed";
        assert_eq!(code, 2);
        assert_eq!(
            error,
            format!("web_server: invalid value '{port}' for '--serve <PORT>': {allowed}")
        );
    }
}

#[test]
fn a_soak_that_makes_no_sense_is_refused() {
    let allowed = "a whole number from 1 to 100000 is allowed";
    for (arguments, error) in [
        (&[][..], "how many runs of each experiment? Try scripts/soak 50".to_owned()),
        (&["0"], format!("invalid value '0' for N: {allowed}")),
        (&["-3"], format!("invalid value '-3' for N: {allowed}")),
        (&["3", "no_such_thing"], "there is no experiment `no_such_thing` in examples/".to_owned()),
        (
            &["3", "--load", "101"],
            "invalid value '101' for --load: a whole number from 1 to 100 is allowed".to_owned(),
        ),
    ] {
        let output = script("soak").args(arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert_eq!(String::from_utf8_lossy(&output.stderr), format!("soak: {error}\n"));
    }
}

#[test]
fn a_step_that_is_not_there_is_refused() {
    let message = "event_loop: there is no such step for --step: callbacks, polled by hand, \
                   wakers, async fn, tokio are there";
    assert_eq!(refused("event_loop", &["--step", "six"]), (2, message.to_owned()));
}

#[test]
fn more_connections_than_files_are_refused() {
    let mut command = experiment("event_loop");
    // SAFETY: between fork and exec the child calls setrlimit and nothing else.
    unsafe {
        command.pre_exec(|| Ok(setrlimit(Resource::RLIMIT_NOFILE, 100, 500)?));
    }
    let output = command.args(["--connections", "300"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let message = "event_loop: so many connections need 700 open files, and this system allows 500";
    assert_eq!(String::from_utf8(output.stderr).unwrap().trim_end(), message);
}

#[test]
fn a_queue_that_cannot_keep_jobs_is_refused() {
    let (code, error) = refused("task_queue", &["--broker", "redis://127.0.0.1:1"]);
    assert_eq!(code, 1);
    let told = "task_queue: cannot use the broker `redis://127.0.0.1:1`: ";
    assert!(error.starts_with(told), "{error}");

    let (code, error) = refused("task_queue", &["--database", "/no/such/folder/jobs.db"]);
    assert_eq!(code, 1);
    let told = "task_queue: cannot use `/no/such/folder/jobs.db` as a job database: ";
    assert!(error.starts_with(told), "{error}");

    let (code, error) = refused("task_queue", &["--broker", "amqp://127.0.0.1"]);
    assert_eq!(code, 2);
    assert!(error.starts_with("task_queue: `--broker` takes redis://HOST:PORT: "), "{error}");

    let both = ["--broker", "redis://127.0.0.1:1", "--database", "jobs.db"];
    let (code, error) = refused("task_queue", &both);
    assert_eq!(code, 2);
    assert!(error.contains("name two places for the jobs"), "{error}");
}
