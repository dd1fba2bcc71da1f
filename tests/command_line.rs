//! Bad input gets one clear line and the right exit code, and nothing is left behind.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::process::CommandExt;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use house_tests::{experiment, script};
use nix::errno::Errno;
use nix::mqueue::{MQ_OFlag, mq_open};
use nix::sys::prctl;
use nix::sys::resource::{Resource, setrlimit};
use nix::sys::signal::{Signal, kill};
use nix::sys::stat::Mode;
use nix::sys::wait::{WaitPidFlag, waitpid};
use nix::unistd::Pid;
use taking_turns::live::Live;
use taking_turns::report::Report;

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
const FORKING: [(&str, usize); 6] = [
    ("connections", 1),
    ("io_concurrency", 2),
    ("processes", 2),
    ("spawn_cost", 1),
    ("fork_hazard", 2),
    ("web_server", 1),
];

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
    std::os::unix::fs::symlink("/bin/cat", folder.path().join("cat")).unwrap();
    nothing_is_left_of(
        experiment("processes").env("PATH", folder.path()).stderr(Stdio::piped()),
        |leader| {
            let mut errors = String::new();
            leader.stderr.take().unwrap().read_to_string(&mut errors).unwrap();
            let message = "processes: cannot start `sh`: No such file or directory (os error 2)\n";
            assert_eq!(errors, message);
            assert_eq!(leader.wait().unwrap().code(), Some(1));
        },
    );
}

#[test]
fn a_child_that_prints_receipts_ends_with_its_parent() {
    // What it would print takes seconds. Its input ends as that of an orphan does.
    let mut child = experiment("gil_analogues")
        .env("GIL_ANALOGUES_RECEIPTS", "inside 20000 2")
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    drop(child.stdin.take());
    assert_eq!(child.wait().unwrap().code(), Some(1), "it printed to the end");
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

/// Whether shared memory or a queue of the process with this ID has a name.
/// Where /dev/mqueue is not mounted, a queue is looked for by opening it.
fn named(pid: u32) -> Vec<String> {
    let prefix = format!("taking-turns-{pid}-");
    let listed =
        ["/dev/shm", "/dev/mqueue"].into_iter().filter_map(|it| std::fs::read_dir(it).ok());
    let mut names: Vec<_> = listed
        .flatten()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.starts_with(&prefix))
        .collect();
    for which in ["to-a", "to-b"] {
        let queue = format!("/{prefix}{which}");
        match mq_open(queue.as_str(), MQ_OFlag::O_RDONLY, Mode::empty(), None) {
            Err(Errno::ENOENT | Errno::ENOSYS | Errno::EACCES) => {}
            found => names.push(format!("{queue}: {found:?}")),
        }
    }
    names
}

/// An endless run of `name`, up to its first line, in a group of its own.
fn begun(name: &str) -> (Child, BufReader<ChildStdout>) {
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

/// The processes that `pid` has started and not yet waited for.
fn children(pid: u32) -> Vec<Pid> {
    let tasks = std::fs::read_dir(format!("/proc/{pid}/task")).into_iter().flatten().flatten();
    let lists = tasks.filter_map(|task| std::fs::read_to_string(task.path().join("children")).ok());
    let lists: Vec<_> = lists.collect();
    lists
        .iter()
        .flat_map(|list| list.split_whitespace())
        .map(|pid| Pid::from_raw(pid.parse().unwrap()))
        .collect()
}

#[test]
fn shared_memory_and_queues_leave_no_name_behind() {
    let mut child = experiment("ipc").arg("--quick").stdout(Stdio::null()).spawn().unwrap();
    assert!(child.wait().unwrap().success());
    assert_eq!(named(child.id()), [""; 0], "after success");

    let (mut child, mut output) = begun("ipc");
    kill(Pid::from_raw(child.id() as i32), Signal::SIGINT).unwrap();
    assert!(!child.wait().unwrap().success());
    assert_eq!(named(child.id()), [""; 0], "after Ctrl-C");
    // The other process holds this pipe as well: it ends when that has ended.
    output.read_to_string(&mut String::new()).unwrap();
}

#[test]
fn an_end_of_the_other_process_is_told() {
    let (mut child, _output) = begun("ipc");
    // Each of its children lives for some milliseconds: one will be hit.
    while child.try_wait().unwrap().is_none() {
        for other in children(child.id()) {
            let _ = kill(other, Signal::SIGKILL);
        }
    }
    let mut error = String::new();
    child.stderr.take().unwrap().read_to_string(&mut error).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(1));
    assert!(error.starts_with("ipc: cannot talk through a "), "{error}");
    assert_eq!(error.lines().count(), 1, "{error}");
    assert_eq!(named(child.id()), [""; 0], "after failure");
}

#[test]
fn a_server_that_ends_too_early_is_told() {
    let (mut child, _output) = begun("connections");
    while child.try_wait().unwrap().is_none() {
        for server in children(child.id()) {
            let _ = kill(server, Signal::SIGKILL);
        }
    }
    let mut error = String::new();
    child.stderr.take().unwrap().read_to_string(&mut error).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(1), "{error}");
    assert!(error.starts_with("connections: "), "{error}");
    assert!(error.contains("the server"), "{error}");
    assert_eq!(error.lines().count(), 1, "{error}");
}

/// What `connections --quick` says of its limit, where it finds these two.
fn limited(soft: u64, hard: u64) -> std::process::Output {
    use nix::sys::resource::{Resource, setrlimit};
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
fn worker_processes_end_with_their_pool() {
    let (mut child, _output) = begun("executors");
    // Workers, once they are this program again: before, a child has not yet
    // asked to be ended with its parent.
    let is_worker = |worker: &Pid| {
        let environment = std::fs::read_to_string(format!("/proc/{worker}/environ"));
        environment.is_ok_and(|all| all.contains("EXECUTORS_WORKER=yes"))
    };
    // One that is stopped neither ends its job nor sees that its input has
    // ended. Pools come and go, so one that we stop may have been ending.
    let stopped = loop {
        assert_eq!(child.try_wait().unwrap(), None, "it ended by itself");
        let workers = children(child.id()).into_iter().filter(is_worker);
        if let Some(worker) = workers.into_iter().find(|it| kill(*it, Signal::SIGSTOP).is_ok()) {
            break worker;
        }
    };
    kill(Pid::from_raw(child.id() as i32), Signal::SIGINT).unwrap();
    assert!(!child.wait().unwrap().success());
    // Workers hold this pipe as well: it ends when the last has ended.
    let mut errors = child.stderr.take().unwrap();
    let (sender, ended) = mpsc::channel();
    thread::spawn(move || sender.send(errors.read_to_string(&mut String::new()).unwrap()));
    let outcome = ended.recv_timeout(Duration::from_secs(20));
    if outcome.is_err() {
        let _ = kill(stopped, Signal::SIGKILL);
    }
    assert_eq!(outcome, Ok(0), "a worker has outlived its pool");
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
fn a_server_that_only_serves_ends_when_it_is_told_to() {
    for signal in [Signal::SIGINT, Signal::SIGTERM] {
        let mut child =
            experiment("web_server").args(["--serve", "0"]).stdout(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let said = lines.find_map(|line| line.unwrap().strip_prefix("http://").map(str::to_owned));
        let said = said.unwrap();
        let mut connection = TcpStream::connect(said.split('/').next().unwrap()).unwrap();
        connection.write_all(b"GET /health HTTP/1.1\r\nHost: here\r\n\r\n").unwrap();
        let mut status = [0; 12];
        connection.read_exact(&mut status).unwrap();
        assert_eq!(&status, b"HTTP/1.1 200");
        kill(Pid::from_raw(child.id() as i32), signal).unwrap();
        let last = lines.last().unwrap().unwrap();
        assert_eq!(last, "1 request begun and answered", "{signal}");
        assert!(child.wait().unwrap().success(), "{signal}");
    }
}

#[test]
fn an_end_of_the_server_is_told_too() {
    let (mut child, _output) = begun("web_server");
    while child.try_wait().unwrap().is_none() {
        for server in children(child.id()) {
            let _ = kill(server, Signal::SIGKILL);
        }
    }
    let mut error = String::new();
    child.stderr.take().unwrap().read_to_string(&mut error).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(1));
    assert!(error.starts_with("web_server: cannot "), "{error}");
    assert!(error.ends_with(" the server: it ended early\n"), "{error}");
    assert_eq!(error.lines().count(), 1, "{error}");
}

#[test]
fn a_load_generator_that_is_missing_or_strange_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = experiment("web_server");
    let output = command.arg("--quick").env("PATH", folder.path()).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("wrk is not installed here"), "{text}");

    // One that says nothing at all.
    std::os::unix::fs::symlink("/bin/true", folder.path().join("wrk")).unwrap();
    let mut command = experiment("web_server");
    let output = command.arg("--quick").env("PATH", folder.path()).output().unwrap();
    let error = "web_server: cannot use `wrk`: it printed no 99th percentile\n";
    assert_eq!(String::from_utf8(output.stderr).unwrap(), error);
    assert_eq!(output.status.code(), Some(1));
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
fn an_interrupted_soak_leaves_no_burner_behind() {
    let mut child =
        script("soak").args(["1000", "cpu_bound"]).stdout(Stdio::piped()).spawn().unwrap();
    let mut output = BufReader::new(child.stdout.take().unwrap());
    let mut text = String::new();
    output.read_line(&mut text).unwrap();
    assert!(text.starts_with("1000 runs of 1 experiment"), "{text}");
    kill(Pid::from_raw(child.id() as i32), Signal::SIGINT).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(130));
    // The burners hold this pipe as well: it ends when the last is gone.
    output.read_to_string(&mut text).unwrap();
}

/// The other player holds no end of its own pipe that would keep it waiting.
#[test]
fn an_interrupted_game_leaves_no_player_behind() {
    let mut child = experiment("context_switch")
        .args(["--rounds", "1000000"])
        .process_group(0)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let pid = Pid::from_raw(child.id() as i32);
    // Until the second process is there; they play for seconds.
    let players = format!("/proc/{pid}/task/{pid}/children");
    while std::fs::read_to_string(&players).unwrap().is_empty() {
        thread::yield_now();
    }
    kill(pid, Signal::SIGINT).unwrap();
    assert!(!child.wait().unwrap().success());
    // It holds this pipe as well: the output ends when it is gone.
    child.stdout.take().unwrap().read_to_string(&mut String::new()).unwrap();
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
fn an_interrupted_event_loop_leaves_nobody_serving() {
    nothing_is_left_of(experiment("event_loop").args(["--trials", "100000"]), |leader| {
        // Its server's thread is the second; a session is under way.
        let threads = format!("/proc/{}/task", leader.id());
        while std::fs::read_dir(&threads).unwrap().count() < 2 {
            thread::yield_now();
        }
        kill(Pid::from_raw(leader.id() as i32), Signal::SIGINT).unwrap();
    });
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

/// Ends `name` while it works, and gives what is left in its temporary folder
/// when it is empty, or in twenty seconds.
fn left_behind(name: &str, signal: Signal) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let entries = || -> Vec<String> {
        let entries = std::fs::read_dir(folder.path()).unwrap();
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    };
    let mut command = experiment(name);
    command.args(["--trials", "1000"]).env("TMPDIR", folder.path());
    nothing_is_left_of(&mut command, |leader| {
        let mut output = BufReader::new(leader.stdout.take().unwrap());
        let mut line = String::new();
        output.read_line(&mut line).unwrap();
        while entries().is_empty() {
            thread::yield_now();
        }
        kill(Pid::from_raw(leader.id() as i32), signal).unwrap();
        output.read_to_string(&mut line).unwrap();
    });
    let ended = Instant::now();
    while !entries().is_empty() && ended.elapsed() < Duration::from_secs(20) {
        thread::yield_now();
    }
    entries()
}

#[test]
fn nor_does_a_crash_whose_own_server_is_still_writing() {
    for signal in [Signal::SIGINT, Signal::SIGTERM, Signal::SIGKILL] {
        assert_eq!(left_behind("worker_crash", signal), Vec::<String>::new());
    }
}

#[test]
fn an_interrupted_queue_leaves_no_file_behind() {
    for signal in [Signal::SIGINT, Signal::SIGTERM] {
        assert_eq!(left_behind("task_queue", signal), Vec::<String>::new());
    }
}
