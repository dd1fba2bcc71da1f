//! Five thousand small jobs, against one thread that does them one by one.

use std::collections::HashSet;
use std::hint::black_box;
use std::sync::{Condvar, Mutex};
use std::thread;

use exercise::{Case, Check, Hint, Once, Race};

use super::answer::run_all;

/// It cannot be divided by any small number of threads.
const JOBS: usize = 5_003;

/// About a microsecond: a tenth of what it costs to start a thread, or less.
const ROUNDS: usize = 1_000;

pub const CHECK: Check = Check {
    starter: ("one_by_one", "too slow"),
    cases: &[
        Case::Timed(Race {
            name: "one_by_one",
            title: "one thread that does all jobs",
            right,
            answer: || _ = black_box(run_all(JOBS, job)),
            other: || _ = black_box((0..JOBS).map(job).collect::<Vec<_>>()),
            most: 2.0,
            most_by_caller: 0.6,
            hints: &[
                Hint::on(
                    "one thread",
                    "That is quick, because nothing is shared. The task is to share the work, and \
                     to keep it about as quick.",
                ),
                Hint::on(
                    "panic",
                    "There may be fewer jobs than threads, and none. How long is a share then?",
                ),
                Hint::on(
                    "wrong result",
                    "Who is done first is first in the list. The place of a result is known before \
                     the job is done.",
                )
                .when("push("),
                Hint::on(
                    "wrong result",
                    "Every job has one place among the results. Which job is the last of the last \
                     thread's share?",
                ),
                Hint::on("too slow", "Is any job done twice?").when("(0..jobs)"),
                Hint::on(
                    "too slow",
                    "It is not how many threads there are at a time that costs, but how many are \
                     started. Start each once, and give it many jobs.",
                ),
            ],
        }),
        Case::Once(Once {
            name: "two_at_work",
            title: "Each job goes on until another thread has begun one",
            run: two_at_work,
            good: &["done"],
            hints: &[Hint::on(
                "waits for ever",
                "A thread has begun with a job, and no other thread ever begins with another one. \
                 One that is joined as soon as it is started has ended before the next one begins.",
            )],
        }),
    ],
    without: &[],
};

fn right() -> Result<(), String> {
    for jobs in [JOBS, 0, 1, 2, 5] {
        let results = run_all(jobs, job);
        if results.len() != jobs {
            return Err(format!("of {jobs} jobs there are {} results", results.len()));
        }
        if let Some(other) = (0..jobs).find(|&number| results[number] != job(number)) {
            return Err(format!("of {jobs} jobs, number {other} has not its own result"));
        }
    }
    Ok(())
}

fn two_at_work() -> String {
    let (begun, another) = (Mutex::new(HashSet::new()), Condvar::new());
    run_all(100, |_| {
        let mut begun = begun.lock().unwrap();
        begun.insert(thread::current().id());
        another.notify_all();
        drop(another.wait_while(begun, |begun| begun.len() < 2));
        0
    });
    "done".into()
}

fn job(number: usize) -> u64 {
    let steps = 0..black_box(ROUNDS) as u64;
    steps.fold(number as u64, |value, step| (value ^ step).wrapping_mul(0x9E37_79B9_7F4A_7C15))
}
