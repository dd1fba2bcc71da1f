//! Five thousand small jobs, against one thread that does them one by one.

use std::hint::black_box;

use exercise::{Case, Check, Hint, Race};

use super::answer::run_all;

/// It cannot be divided by any small number of threads.
const JOBS: usize = 5_003;

/// About a microsecond: a tenth of what it costs to start a thread, or less.
const ROUNDS: usize = 1_000;

pub const CHECK: Check = Check {
    starter: ("one_by_one", "too slow"),
    cases: &[Case::Timed(Race {
        name: "one_by_one",
        title: "one thread that does all jobs",
        right: || match run_all(JOBS, job) == (0..JOBS).map(job).collect::<Vec<_>>() {
            true => Ok(()),
            false => Err("the results are not those of the jobs in their order".into()),
        },
        answer: || _ = black_box(run_all(JOBS, job)),
        other: || _ = black_box((0..JOBS).map(job).collect::<Vec<_>>()),
        most: 2.0,
        most_by_caller: 0.6,
        hints: &[
            Hint::on(
                "one thread",
                "That is quick, because nothing is shared. The task is to share the work, and to \
                 keep it about as quick.",
            ),
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
    })],
    without: &[],
};

fn job(number: usize) -> u64 {
    let steps = 0..black_box(ROUNDS) as u64;
    steps.fold(number as u64, |value, step| (value ^ step).wrapping_mul(0x9E37_79B9_7F4A_7C15))
}
