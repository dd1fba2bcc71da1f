//! Nothing is left behind: no process, no shared memory, no queue, no file, after success, failure
//! and interruption.

use std::io::{BufRead, BufReader, Read};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use house_tests::{begun, children, experiment, script};
use nix::errno::Errno;
use nix::mqueue::{MQ_OFlag, mq_open};
use nix::sys::prctl;
use nix::sys::signal::{Signal, kill};
use nix::sys::stat::Mode;
use nix::sys::wait::{WaitPidFlag, waitpid};
use nix::unistd::Pid;

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
    assert!(text.contains(" whole runs\n"), "nothing says what was seen so far:\n{text}");
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
