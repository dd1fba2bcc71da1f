//! Twenty thousand questions, against one thread that asks and answers.

use std::hint::black_box;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::thread;

use exercise::{Case, Check, Hint, Race};

use super::answer::ask_all;

/// No multiple of a batch.
const QUESTIONS: u64 = 20_003;

const MOST_UNDER_WAY: u64 = 1_000;

/// About a tenth of a microsecond.
const STEPS: u64 = 80;

pub const CHECK: Check = Check {
    starter: ("one_thread", "too slow"),
    cases: &[Case::Timed(Race {
        name: "one_thread",
        title: "one thread that asks and answers",
        right,
        answer: || {
            let mut sum = 0;
            ask_all(0..QUESTIONS, reply, |answer| sum = add(sum, answer));
            black_box(sum);
        },
        other: || _ = black_box((0..QUESTIONS).map(reply).fold(0, add)),
        most: 8.0,
        // Who answers is looked at by `right`.
        most_by_caller: 1.0,
        hints: &[
            Hint::on(
                "wrong result",
                "All questions have to be answered by the other thread, in their order, a limited \
                 number at a time. What becomes of those that do not fill the last batch?",
            ),
            Hint::on(
                "too slow",
                "Whichever way the ball is passed, and however much room there is for balls, one \
                 thread sleeps until the other has answered one question. How much work is there \
                 between two switches? What else could be passed than one question?",
            ),
        ],
    })],
    without: &[],
};

fn right() -> Result<(), String> {
    let read = AtomicU64::new(0);
    let caller = thread::current().id();
    let answering = Mutex::new(None);
    let (mut taken, mut under_way, mut in_order) = (0, 0, true);
    ask_all(
        (0..QUESTIONS).inspect(|_| _ = read.fetch_add(1, Relaxed)),
        |question| {
            answering.lock().unwrap().get_or_insert(thread::current().id());
            reply(question)
        },
        |answer| {
            under_way = under_way.max(read.load(Relaxed) - taken);
            in_order &= answer == reply(taken);
            taken += 1;
        },
    );
    if taken != QUESTIONS {
        Err(format!("{taken} of {QUESTIONS} answers are taken"))
    } else if !in_order {
        Err("the answers are not in the order of the questions".into())
    } else if answering.into_inner().unwrap() == Some(caller) {
        Err("the thread that asks answers by itself".into())
    } else if under_way > MOST_UNDER_WAY {
        Err(format!("{under_way} questions are under way at once"))
    } else {
        Ok(())
    }
}

fn reply(question: u64) -> u64 {
    let steps = 0..black_box(STEPS);
    steps.fold(question, |value, step| (value ^ step).wrapping_mul(0x9E37_79B9_7F4A_7C15))
}

fn add(sum: u64, answer: u64) -> u64 {
    black_box(sum.wrapping_add(answer))
}
