//! A service with a log, and a thread that holds the log's lock.

use std::sync::{Mutex, mpsc};
use std::thread;

use exercise::{Case, Check, Hint, Once};
use nix::sys::wait::{WaitPidFlag, waitpid};
use nix::unistd::Pid;

use super::answer::Helper;

static LOG: Mutex<Vec<u8>> = Mutex::new(Vec::new());

/// Squares a number, and puts it into the log.
pub fn work(number: u8) -> u8 {
    LOG.lock().unwrap().push(number);
    number * number
}

pub const CHECK: Check = Check {
    starter: ("log_held", "waits for ever"),
    cases: &[
        Case::Once(Once {
            name: "log_free",
            title: "Two questions, while nobody holds the log",
            run: || told(Helper::start().unwrap()),
            good: &[GOOD],
            hints: &[
                Hint::on(
                    "waits for ever",
                    "A helper goes on as long as a question may come. Who holds the writing end of \
                     the questions, in which process?",
                ),
                Hint::on(
                    "the first was 9, then an error",
                    "The first answer is right. Who is there to give the second?",
                ),
                Hint::on(
                    "9, 16, and a process is left",
                    "The helper has been told that no more will come. It has ended, or soon will, \
                     and somebody has to take its status.",
                ),
                SQUARES,
            ],
        }),
        Case::Once(Once {
            name: "log_held",
            title: "Two questions, while a thread holds the log",
            run: while_held,
            good: &[GOOD],
            hints: &[
                Hint::on(
                    "waits for ever",
                    "A thread shares the log with the one that holds it. The work must have a \
                     memory of its own.",
                )
                .when("thread::spawn"),
                Hint::on(
                    "waits for ever",
                    "A child is a copy of the process as it was when it was forked. When was \
                     yours, and who held the log by then?",
                ),
                SQUARES,
            ],
        }),
        Case::Once(Once {
            name: "own_log",
            title: "The log of the process that asked, in the end",
            run: own_log,
            good: &["empty"],
            hints: &[Hint::on(
                "",
                "This process has done the work, and it is what might hurt. It should not be done \
                 here, neither when somebody asks nor before.",
            )],
        }),
    ],
    without: &[],
};

const GOOD: &str = "9, 16, and no process is left";

const SQUARES: Hint = Hint::on("", "The work is to square a number; three and four are asked.");

fn while_held() -> String {
    let helper = Helper::start().unwrap();
    let (say, held) = mpsc::channel();
    let (release, released) = mpsc::channel::<()>();
    let holder = thread::spawn(move || {
        let _log = LOG.lock();
        say.send(()).unwrap();
        // Until `release` is dropped.
        let _ = released.recv();
    });
    held.recv().unwrap();
    let told = told(helper);
    drop(release);
    holder.join().unwrap();
    told
}

/// What another process does goes into a log of its own.
fn own_log() -> String {
    told(Helper::start().unwrap());
    match LOG.lock().unwrap().len() {
        0 => "empty".into(),
        some => format!("{some} pieces of work"),
    }
}

fn told(mut helper: Helper) -> String {
    let answers = match (helper.ask(3), helper.ask(4)) {
        (Ok(first), Ok(second)) => format!("{first}, {second}"),
        (Ok(first), Err(_)) => return format!("the first was {first}, then an error"),
        (Err(error), _) => return format!("an error: {error}"),
    };
    if let Err(error) = helper.end() {
        return format!("{answers}, and it cannot end: {error}");
    }
    // A child, alive or not.
    match waitpid(None::<Pid>, Some(WaitPidFlag::WNOHANG)) {
        Ok(_) => format!("{answers}, and a process is left"),
        Err(_) => format!("{answers}, and no process is left"),
    }
}
