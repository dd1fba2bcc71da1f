//! A letterbox that is right, and two that are not.

use std::sync::atomic::Ordering::{self, Acquire, Relaxed, Release};
use std::sync::atomic::{AtomicU8, AtomicU32};

use exercise::{Case, Check, Hint, Memory, Scenario};

use super::answer::{Letterbox, holds};

const FOUND: &str = "found";
const NOTHING: &str = "nothing found";

const TEST: Scenario =
    Scenario { memory: Memory::Weak, limit: 20_000, ..Scenario::of(String::new) };

const HINTS: &[Hint] = &[Hint::on(
    "deadlock",
    "The test waits for something that need not come: who takes may have come too early.",
)];

pub const CHECK: Check = Check {
    starter: ("taken_twice", "never found"),
    cases: &[
        Case::Explored {
            scenario: Scenario {
                name: "right",
                title: "A letterbox that is right",
                good: &[NOTHING],
                run: || told(&Design::RIGHT.build()),
                ..TEST
            },
            must: &[],
            hints: &[
                HINTS[0],
                Hint::on(
                    FOUND,
                    "The letterbox is right, and the test cries. Who takes may come before the \
                     letter does, and then finds nothing. What may never happen, in any order?",
                ),
                Hint::on(
                    "panic",
                    "The letterbox is right. Which of the test's own assumptions does the schedule \
                     break?",
                ),
            ],
        },
        Case::Explored {
            scenario: Scenario {
                name: "taken_twice",
                title: "A letterbox that gives one letter to two",
                good: &[FOUND, NOTHING],
                run: || told(&Design { take: Take::InTwoSteps, ..Design::RIGHT }.build()),
                ..TEST
            },
            must: &[(
                FOUND,
                "Two can only get one letter if they take at the same time. Which of the calls in \
                 your test can overlap, and which never do?",
            )],
            hints: HINTS,
        },
        Case::Explored {
            scenario: Scenario {
                name: "no_text_yet",
                title: "A letterbox whose letter can be seen before its text",
                good: &[FOUND, NOTHING],
                run: || told(&Design { full: Relaxed, ..Design::RIGHT }.build()),
                ..TEST
            },
            must: &[(
                FOUND,
                "Starting a thread and waiting for its end bring along all that was written \
                 before. Whoever is to see half of a `put` must not be ordered behind it by \
                 anything but the letterbox. And what would it see?",
            )],
            hints: HINTS,
        },
    ],
    without: &[],
};

fn told(letterbox: &Built) -> String {
    if holds(letterbox) { NOTHING } else { FOUND }.into()
}

/// How a letterbox is built.
struct Design {
    take: Take,
    /// The ordering with which `put` says that there is a letter.
    full: Ordering,
}

#[derive(Clone, Copy, PartialEq)]
enum Take {
    InOneStep,
    InTwoSteps,
}

impl Design {
    const RIGHT: Design = Design { take: Take::InOneStep, full: Release };

    fn build(self) -> Built {
        Built { how: self, state: AtomicU8::new(EMPTY), letter: AtomicU32::new(0) }
    }
}

struct Built {
    how: Design,
    state: AtomicU8,
    letter: AtomicU32,
}

const EMPTY: u8 = 0;
const BUSY: u8 = 1;
const FULL: u8 = 2;

impl Letterbox for Built {
    fn put(&self, letter: u32) -> bool {
        if self.state.compare_exchange(EMPTY, BUSY, Acquire, Relaxed).is_err() {
            return false;
        }
        self.letter.store(letter, Relaxed);
        self.state.store(FULL, self.how.full);
        true
    }

    fn take(&self) -> Option<u32> {
        let mine = match self.how.take {
            Take::InOneStep => self.state.compare_exchange(FULL, BUSY, Acquire, Relaxed).is_ok(),
            Take::InTwoSteps => self.state.load(Acquire) == FULL,
        };
        if !mine {
            return None;
        }
        let letter = self.letter.load(Relaxed);
        self.state.store(EMPTY, Release);
        Some(letter)
    }
}
