//! Eight million bytes, against one thread that shares nothing.

use std::collections::HashSet;
use std::hint::black_box;
use std::sync::{Condvar, Mutex, OnceLock};
use std::thread;

use exercise::{Case, Check, Hint, Once, Race};

use super::answer::tally;

/// Some milliseconds for one thread, and many times what it costs to start
/// four. It cannot be divided by four.
const BYTES: u64 = 8_000_003;

pub const CHECK: Check = Check {
    starter: ("against_one", "too slow"),
    cases: &[
        Case::Timed(Race {
            name: "against_one",
            title: "one thread that shares nothing",
            right,
            answer: || _ = black_box(tally(text(), usize::from)),
            other: || _ = black_box(alone(text(), usize::from)),
            most: 2.0,
            most_by_caller: 0.6,
            hints: &[
                Hint::on(
                    "one thread",
                    "That is quick, because nothing is shared. The task is to share the work, and \
                     to keep it about as quick.",
                ),
                Hint::on(
                    "wrong result",
                    "Each byte belongs to exactly one thread. What becomes of the last few when \
                     the text cannot be divided evenly?",
                ),
                Hint::on(
                    "too slow",
                    "An atomic addition is no lock, but it is still a step that all cores have to \
                     agree on, and there is one for every byte. Which counts does a thread have to \
                     share, and when?",
                )
                .when("fetch_add"),
                Hint::on(
                    "too slow",
                    "A hash map computes a hash for every byte, where a table of 256 places has \
                     the count at hand.",
                )
                .when("HashMap"),
                Hint::on(
                    "too slow",
                    "To lock and unlock costs many times what counting one byte costs, even if \
                     nobody else wants the lock. How seldom can a thread share what it has \
                     counted?",
                )
                .when(".lock()"),
                Hint::on("too slow", "What is done for each byte that need not be?"),
            ],
        }),
        Case::Once(Once {
            name: "four_at_work",
            title: "The kind of a byte is told when all four threads have asked for one",
            run: four_at_work,
            good: &["done"],
            hints: &[
                Hint::on(
                    "waits for ever",
                    "One thread counts, and the others wait for the lock that it holds meanwhile: \
                     so they work one after the other. What can a thread do without the lock?",
                )
                .when(".lock()"),
                Hint::on(
                    "waits for ever",
                    "Some of the threads have begun, and wait for the others, which never begin. \
                     Are there four? Or is one joined before the next is started?",
                ),
            ],
        }),
    ],
    without: &[],
};

fn four_at_work() -> String {
    let (begun, another) = (Mutex::new(HashSet::new()), Condvar::new());
    tally(&text()[..10_003], |byte| {
        let mut begun = begun.lock().unwrap();
        if begun.insert(thread::current().id()) {
            another.notify_all();
        }
        drop(another.wait_while(begun, |begun| begun.len() < 4));
        usize::from(byte)
    });
    "done".into()
}

fn right() -> Result<(), String> {
    match tally(text(), usize::from) == alone(text(), usize::from) {
        true => Ok(()),
        false => Err("it is not what one thread counts".into()),
    }
}

/// No byte is rare.
fn text() -> &'static [u8] {
    static TEXT: OnceLock<Vec<u8>> = OnceLock::new();
    let byte = |at: u64| (at.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 56) as u8;
    TEXT.get_or_init(|| (0..BYTES).map(byte).collect())
}

fn alone(text: &[u8], kind: impl Fn(u8) -> usize) -> [u64; 256] {
    let mut counts = [0; 256];
    for &byte in text {
        counts[kind(byte)] += 1;
    }
    counts
}
