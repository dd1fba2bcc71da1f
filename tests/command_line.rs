//! Bad input gets one clear line and the right exit code, and nothing is left behind.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use house_tests::experiment;
use nix::errno::Errno;
use nix::sys::prctl;
use nix::sys::signal::{Signal, kill};
use nix::sys::wait::{WaitPidFlag, waitpid};
use nix::unistd::Pid;

/// Runs `name` and expects one line on standard error and nothing else.
fn refused(name: &str, options: &[&str]) -> (i32, String) {
    let output = experiment(name).args(options).output().unwrap();
    let errors = String::from_utf8(output.stderr).unwrap();
    assert_eq!(errors.lines().count(), 1, "{name} {options:?}: {errors}");
    (output.status.code().unwrap(), errors.trim_end().to_owned())
}

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
fn a_twin_that_fails_is_quoted() {
    // A Python that answers --version and then fails at whatever it is given.
    let (code, error) = refused("sequential", &["--quick", "--json", "--twin=false"]);
    assert_eq!(code, 1);
    assert!(error.contains("with `false`: exit status: 1: no message"), "{error}");
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
fn an_interrupt_leaves_no_process_behind() {
    // A group of its own, so that the signal can go to the experiment alone.
    let mut child = experiment("sequential")
        .args(["--wait", "10000"])
        .process_group(0)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let pid = Pid::from_raw(child.id() as i32);
    let mut output = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    output.read_line(&mut line).unwrap();
    assert!(line.starts_with("sequential: "), "{line}");
    kill(pid, Signal::SIGINT).unwrap();
    assert!(!child.wait().unwrap().success());
    // Worker processes hold this pipe as well: it ends when the last is gone.
    output.read_to_string(&mut line).unwrap();
    assert_eq!(kill(Pid::from_raw(-pid.as_raw()), None), Err(nix::errno::Errno::ESRCH));
}

/// Runs a command as the leader of a group of its own, and calls `live` on it.
/// Whatever the leader leaves behind must end by itself, and is waited for.
fn nothing_is_left_of(command: &mut Command, live: impl FnOnce(&mut Child)) {
    // Orphans become children of this process, and their end can be waited for.
    prctl::set_child_subreaper(true).unwrap();
    let mut leader = command.process_group(0).stdout(Stdio::piped()).spawn().unwrap();
    let group = Pid::from_raw(-(leader.id() as i32));
    live(&mut leader);
    leader.wait().unwrap();
    let (say, ended) = mpsc::channel();
    thread::spawn(move || {
        while waitpid(group, None).is_ok() {}
        say.send(()).unwrap();
    });
    let all_ended = ended.recv_timeout(Duration::from_secs(20)).is_ok();
    // Spares the next test the orphans of this one.
    let left = kill(group, Signal::SIGKILL);
    assert!(all_ended, "{command:?} left processes behind");
    assert_eq!(left, Err(Errno::ESRCH), "{command:?}");
}

/// Each with the fewest children that it has at the height of a trial.
const FORKING: [(&str, usize); 3] = [("processes", 2), ("spawn_cost", 1), ("fork_hazard", 2)];

#[test]
fn experiments_that_fork_leave_no_process_behind() {
    for (name, _) in FORKING {
        nothing_is_left_of(experiment(name).arg("--quick"), |leader| {
            let mut text = String::new();
            leader.stdout.take().unwrap().read_to_string(&mut text).unwrap();
            assert!(text.contains("Read on: "), "{text}");
        });
    }
}

#[test]
fn nor_do_they_when_they_are_interrupted_while_they_have_children() {
    for (name, fewest) in FORKING {
        for signal in [Signal::SIGINT, Signal::SIGKILL, Signal::SIGTERM] {
            nothing_is_left_of(experiment(name).args(["--trials", "100000"]), |leader| {
                let mut output = BufReader::new(leader.stdout.take().unwrap());
                let mut line = String::new();
                output.read_line(&mut line).unwrap();
                assert!(line.starts_with(name), "{line}");
                let pid = Pid::from_raw(leader.id() as i32);
                // Stopped, it has the children that it has.
                loop {
                    kill(pid, Signal::SIGSTOP).unwrap();
                    waitpid(pid, Some(WaitPidFlag::WUNTRACED)).unwrap();
                    if live_children(pid) >= fewest {
                        break;
                    }
                    kill(pid, Signal::SIGCONT).unwrap();
                    thread::yield_now();
                }
                kill(pid, signal).unwrap();
                kill(pid, Signal::SIGCONT).unwrap();
                output.read_to_string(&mut line).unwrap();
            });
        }
    }
}

/// Children that have not ended.
fn live_children(parent: Pid) -> usize {
    let folders = std::fs::read_dir("/proc").unwrap();
    let stats = folders
        .filter_map(|entry| std::fs::read_to_string(entry.unwrap().path().join("stat")).ok());
    let parent = parent.to_string();
    let children = stats.filter(|stat| {
        let fields = stat.rsplit_once(") ").map_or("", |(_, fields)| fields);
        let mut fields = fields.split(' ');
        fields.next() != Some("Z") && fields.next() == Some(&parent)
    });
    children.count()
}

#[test]
fn nor_when_the_second_program_cannot_be_started() {
    let folder = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink("/bin/sh", folder.path().join("sh")).unwrap();
    nothing_is_left_of(
        experiment("processes").env("PATH", folder.path()).stderr(Stdio::piped()),
        |leader| {
            let mut errors = String::new();
            leader.stderr.take().unwrap().read_to_string(&mut errors).unwrap();
            let message = "processes: cannot start `cat`: No such file or directory (os error 2)\n";
            assert_eq!(errors, message);
            assert_eq!(leader.wait().unwrap().code(), Some(1));
        },
    );
}

#[test]
fn a_server_that_refuses_or_fails_is_named() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let closed = format!("http://{}/", listener.local_addr().unwrap());
    drop(listener);
    let (code, error) = refused("io_bound", &["--json", "--url", &closed]);
    assert_eq!(code, 1);
    assert!(error.starts_with(&format!("io_bound: cannot fetch `{closed}`: Connection refused")));

    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let failing = format!("http://{}/", listener.local_addr().unwrap());
    let server = thread::spawn(move || {
        let (mut connection, _) = listener.accept().unwrap();
        let mut request = [0; 1024];
        let _ = connection.read(&mut request).unwrap();
        let answer = "HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n";
        connection.write_all(answer.as_bytes()).unwrap();
    });
    let (code, error) = refused("io_bound", &["--json", "--url", &failing]);
    assert_eq!(code, 1);
    let answered = "the server answered 500 Internal Server Error";
    assert_eq!(error, format!("io_bound: cannot fetch `{failing}`: {answered}"));
    server.join().unwrap();
}

/// Takes ten seconds: the time after which a silent server is given up.
#[test]
fn a_server_that_never_answers_is_given_up() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let silent = format!("http://{}/", listener.local_addr().unwrap());
    let (code, error) = refused("io_bound", &["--json", "--url", &silent]);
    assert_eq!(code, 1);
    assert_eq!(error, format!("io_bound: cannot fetch `{silent}`: no answer within 10 seconds"));
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
