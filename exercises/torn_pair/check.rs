//! One records while another reads; two record. Every value is ten.

use std::thread;

use exercise::{Case, Check, Hint, Scenario};

use super::answer::Meter;

const LOCKS_APART: &str = "Count and sum belong together. One of the two functions lets go of \
    the first lock before it takes the second, and the other came in between. Which one?";

pub const CHECK: Check = Check {
    starter: ("record_and_read", "count 0, sum 10"),
    cases: &[
        Case::Explored {
            scenario: Scenario {
                name: "record_and_read",
                title: "One records a ten while another reads",
                good: &["count 0, sum 0", "count 1, sum 10"],
                ..Scenario::of(record_and_read)
            },
            must: &[],
            hints: &[
                Hint::on(
                    "deadlock",
                    "Both locks are held together now, which is the idea. But the two functions \
                     take them in opposite orders, and each waits for the other.",
                ),
                Hint::on("", "A lock keeps out only those who take it too. Does `read`?")
                    .when("Mutex<()>"),
                Hint::on(
                    "",
                    "Each atomic is right at every moment, and the two together are not: nothing \
                     makes two steps into one.",
                )
                .when("Atomic"),
                Hint::on("", LOCKS_APART),
            ],
        },
        Case::Explored {
            scenario: Scenario {
                name: "two_record",
                title: "Two record a ten each",
                good: &["count 2, sum 20"],
                ..Scenario::of(two_record)
            },
            must: &[],
            hints: &[
                Hint::on(
                    "count 1, sum 10",
                    "What was read under the lock was old when it was written back: the lock had \
                     been given up in between. Hold it for all of the change.",
                ),
                Hint::on("", "Both had recorded before anybody read. What became of it?"),
            ],
        },
    ],
    without: &[],
};

fn record_and_read() -> String {
    let meter = Meter::new();
    let (count, sum) = thread::scope(|scope| {
        scope.spawn(|| meter.record(10));
        scope.spawn(|| meter.read()).join().unwrap()
    });
    format!("count {count}, sum {sum}")
}

fn two_record() -> String {
    let meter = Meter::new();
    thread::scope(|scope| {
        scope.spawn(|| meter.record(10));
        scope.spawn(|| meter.record(10));
    });
    let (count, sum) = meter.read();
    format!("count {count}, sum {sum}")
}
