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
                HERE,
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
                    "A child is a copy of the process as it was when it was forked. When was yours, \
                     and who held the log by then?",
                ),
                SQUARES,
            ],
        }),
    ],
    without: &[],
};

const GOOD: &str = "9, 16, and no process is left";

const HERE: Hint = Hint::on(
    "9, 16, but this process did the work",
    "The work is what may go wrong, and so it is not done here, neither now nor before anybody \
     asks. This process passes on the question and the answer.",
);

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

fn told(mut helper: Helper) -> String {
    let answers = match (helper.ask(3), helper.ask(4)) {
        (Ok(first), Ok(second)) => format!("{first}, {second}"),
        (Ok(first), Err(_)) => return format!("the first was {first}, then an error"),
        (Err(error), _) => return format!("an error: {error}"),
    };
    if let Err(error) = helper.end() {
        return format!("{answers}, and it cannot end: {error}");
    }
    // What another process does is put into a log of its own. Whoever holds
    // ours has put nothing in.
    if LOG.try_lock().is_ok_and(|log| !log.is_empty()) {
        return format!("{answers}, but this process did the work");
    }
    // A child, alive or not.
    match waitpid(None::<Pid>, Some(WaitPidFlag::WNOHANG)) {
        Ok(_) => format!("{answers}, and a process is left"),
        Err(_) => format!("{answers}, and no process is left"),
    }
}
