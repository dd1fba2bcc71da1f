//! Work that returns, crashes and panics.

use std::io::{self, Write};
use std::panic::{catch_unwind, resume_unwind};
use std::process;

use exercise::{Case, Check, Hint, Once};
use nix::libc::_exit;
use nix::sys::resource::{Resource, setrlimit};
use nix::sys::wait::waitpid;
use nix::unistd::{Pid, getpid};

use super::answer::in_a_child;

const HINTS: &[Hint] = &[
    Hint::on(
        "both returned",
        "After `fork` there are two processes in this function, and both go on. What must the \
         child do, so that the rest of the program happens once?",
    ),
    Hint::on(
        "waits for ever",
        "To read to the end is to read until nobody holds the writing end. `fork` has made two \
         of it. Who has the second one?",
    ),
    Hint::on(
        "255",
        "An exit code has eight bits left when it arrives, and it is meant to say how the work \
         ended. What else can carry a number to another process?",
    ),
    Hint::on(
        "panic",
        "A child that crashes has written nothing. Then there is no result, and that is no fault \
         of the parent's.",
    ),
    Hint::on(
        "9999999999, and a zombie",
        "Who has heard the result has not heard how the child ended. Until somebody asks, its PID \
         is taken.",
    ),
    Hint::on(
        "killed by SIGABRT",
        "The fault has reached the parent: an abort ends the process in which it happens, with all \
         its threads. In which one was the work done?",
    ),
    Hint::on(
        "nothing, and a zombie",
        "There is no result, and so `in_a_child` returns. On this way too somebody has to ask how \
         the child ended.",
    ),
    Hint::on("nothing", "The child wrote to its own copy. What do the two have in common?"),
];

const AFTER_A_PANIC: &[Hint] = &[
    Hint::on(
        "both returned",
        "A panic leaves one function after another, in the child too. It passes by the line that \
         ends the child and goes on into the code of whoever called. Where can it be stopped?",
    ),
    Hint::on("", "What did the child write, before it panicked or afterwards?"),
];

const ANY_NUMBER: &[Hint] = &[Hint::on(
    "nothing",
    "Any number may be a result, and so none is left to mean that there is none. How does the \
     parent know that the child has written, if not by what?",
)];

pub const CHECK: Check = Check {
    starter: ("returns", "nothing"),
    cases: &[
        Case::Once(Once {
            name: "returns",
            title: "The work returns a large number",
            run: || told(|| 9_999_999_999),
            good: &["9999999999"],
            hints: HINTS,
        }),
        Case::Once(Once {
            name: "nought",
            title: "The work returns nought",
            run: || told(|| 0),
            good: &["0"],
            hints: ANY_NUMBER,
        }),
        Case::Once(Once {
            name: "largest",
            title: "The work returns the largest number",
            run: || told(|| u64::MAX),
            good: &["18446744073709551615"],
            hints: ANY_NUMBER,
        }),
        Case::Once(Once {
            name: "crashes",
            title: "The work crashes",
            run: || told(|| process::abort()),
            good: &["nothing"],
            hints: HINTS,
        }),
        Case::Once(Once {
            name: "panics",
            title: "The work panics",
            run: || told(|| panic!("the work gave up")),
            good: &["nothing"],
            hints: AFTER_A_PANIC,
        }),
    ],
    without: &[],
};

fn told(work: fn() -> u64) -> String {
    // A crash that was asked for need not leave a file.
    let _ = setrlimit(Resource::RLIMIT_CORE, 0, 0);
    let (stray, mut came_back) = io::pipe().unwrap();
    let us = getpid();
    let result = catch_unwind(|| in_a_child(work));
    if getpid() != us {
        // This is the child, where the parent alone should be.
        let _ = came_back.write_all(&[0]);
        // SAFETY: ends the child at once, without the parent's clean-up code.
        unsafe { _exit(0) }
    }
    drop(came_back);
    // The child has ended, or it will, whether or not it has been waited for.
    if !io::read_to_string(stray).unwrap().is_empty() {
        return "both returned".into();
    }
    let zombie = waitpid(None::<Pid>, None).is_ok();
    match result.unwrap_or_else(|panic| resume_unwind(panic)) {
        Some(result) if zombie => format!("{result}, and a zombie"),
        Some(result) => result.to_string(),
        None if zombie => "nothing, and a zombie".into(),
        None => "nothing".into(),
    }
}
