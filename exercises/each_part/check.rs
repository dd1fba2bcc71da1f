//! Two jobs that go well, and two kinds of panic between others.

use core::sync::atomic as uncounted;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use exercise::{Case, Check, Hint, Scenario};

use super::answer::run_parts;

const PANIC: Hint = Hint::on(
    "panic",
    "The panic has reached the caller. `join` gives a `Result`: what does `unwrap` make of an \
     `Err`? And what does a scope do about a thread that panicked and that nobody joined?",
);

const TEXT: Hint = Hint::on(
    "",
    "The `Err` of `join` is a box with any type in it, which is the value that the panic was \
     given. It has `downcast`, which takes the type that you expect. Here two are possible.",
);

const LEFT_OUT: Hint = Hint::on(
    "10; 30",
    "A part that failed has a place in the list too. Where does its panic go, if not to whoever \
     joins the thread?",
);

pub const CHECK: Check = Check {
    starter: ("one_panics", "panic: bad number"),
    cases: &[
        Case::Explored {
            scenario: Scenario {
                name: "all_well",
                title: "Two jobs that go well",
                good: &["10; 20, side by side", "10; 20, one by one"],
                ..Scenario::of(all_well)
            },
            must: &[(
                "10; 20, side by side",
                "The second job begins when the first has been joined, or has ended. All have to \
                 be started before one is waited for. An iterator does nothing before it is \
                 asked, and then element by element, through all of its stages.",
            )],
            hints: &[Hint::on(
                "",
                "The results are in the order in which the jobs end. Who knows to which part each \
                 belongs?",
            )],
        },
        Case::Explored {
            scenario: Scenario {
                name: "one_panics",
                title: "The second of three jobs panics",
                good: &["10; failed: bad number; 30"],
                ..Scenario::of(|| told(&run_parts(&[1, 2, 3], one_panics)))
            },
            must: &[],
            hints: &[PANIC, LEFT_OUT, TEXT],
        },
        Case::Explored {
            scenario: Scenario {
                name: "formatted",
                title: "The text of the panic is formatted",
                good: &["10; failed: bad number 2; 30"],
                ..Scenario::of(|| told(&run_parts(&[1, 2, 3], one_panics_with_its_number)))
            },
            must: &[],
            hints: &[
                Hint::on(
                    "panic",
                    "You have caught the panic, and expect a text of one type in it. This text \
                     was put together when the job panicked: of which type is it then?",
                )
                .when("downcast"),
                PANIC,
                LEFT_OUT,
                TEXT,
            ],
        },
    ],
    without: &[],
};

fn all_well() -> String {
    let met = AtomicBool::new(false);
    // No step of its own: who is at a job follows from where the threads are.
    let at_it = uncounted::AtomicUsize::new(0);
    let results = run_parts(&[1, 2], |part| {
        let both = at_it.fetch_add(1, Relaxed) == 1;
        // A step, so that the other can begin meanwhile.
        met.fetch_or(both, Relaxed);
        at_it.fetch_sub(1, Relaxed);
        10 * part
    });
    let how = if met.into_inner() { "side by side" } else { "one by one" };
    format!("{}, {how}", told(&results))
}

fn one_panics(part: u32) -> u32 {
    match part {
        2 => panic!("bad number"),
        part => 10 * part,
    }
}

fn one_panics_with_its_number(part: u32) -> u32 {
    match part {
        2 => panic!("bad number {part}"),
        part => 10 * part,
    }
}

fn told(results: &[Result<u32, String>]) -> String {
    let results = results.iter().map(|result| match result {
        Ok(value) => value.to_string(),
        Err(text) => format!("failed: {text}"),
    });
    results.collect::<Vec<_>>().join("; ")
}
