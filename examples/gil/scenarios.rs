//! Two threads, one counter, one eval loop: every way in which the lock can go
//! from hand to hand.

#[path = "interpreter/assembler.rs"]
mod assembler;
#[path = "interpreter/eval.rs"]
mod eval;
#[allow(dead_code)]
#[path = "interpreter/program.rs"]
mod program;

use std::sync::atomic::AtomicI64;
use std::sync::{Mutex, MutexGuard};
use std::thread;
use std::time::Duration;

use eval::Turns;
use interleave::{Scenario, Source, sources};

pub const SOURCES: &[Source] = sources!["interpreter/eval.rs", "scenarios.rs"];

const COUNTER: &str = include_str!("programs/counter.asm");
const COUNTER_CALL: &str = include_str!("programs/counter_call.asm");

pub const SCENARIOS: &[Scenario] = &[
    Scenario {
        name: "backward_jumps",
        title: "A lock, offered at calls and backward jumps: counter + 1, twice each",
        goal: ("3", "lose an update, if you can"),
        good: &["4"],
        ..Scenario::of(|| count(COUNTER, 2, Offer::AtCallsAndJumpsBack))
    },
    Scenario {
        name: "call_between",
        title: "The same lock; a call stands between the load and the store",
        goal: ("3", "lose an update, and end at 3"),
        good: &["4"],
        bad: &["3", "2"],
        ..Scenario::of(|| count(COUNTER_CALL, 2, Offer::AtCallsAndJumpsBack))
    },
    Scenario {
        name: "every_instruction",
        title: "A lock, offered before every instruction: counter + 1, once each",
        goal: ("1", "lose an update"),
        good: &["2"],
        bad: &["1"],
        ..Scenario::of(|| count(COUNTER, 1, Offer::AtEveryInstruction))
    },
    Scenario {
        name: "no_lock",
        title: "No lock: counter + 1, twice each",
        goal: ("2", "end at 2"),
        good: &["4"],
        bad: &["3", "2"],
        ..Scenario::of(|| count(COUNTER, 2, Offer::NoLock))
    },
];

/// Runs the program on two threads and returns the counter.
fn count(text: &str, times: i64, offer: Offer) -> String {
    let program = assembler::assemble(text).unwrap();
    let counter = [AtomicI64::new(0)];
    let lock = Mutex::new(());
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                let mut turns = Offered::take(&lock, offer);
                eval::run(&program, &counter, &[times], &mut turns).unwrap();
            });
        }
    });
    let [counter] = counter;
    counter.into_inner().to_string()
}

#[derive(Clone, Copy, PartialEq)]
enum Offer {
    NoLock,
    AtCallsAndJumpsBack,
    AtEveryInstruction,
}

/// The interpreter's lock without its clock. In a run the holder lets go if a
/// switch interval has passed. Here it lets go each time, and whether another
/// thread gets in before it takes the lock again is up to the schedule.
struct Offered<'lock> {
    lock: &'lock Mutex<()>,
    held: Option<MutexGuard<'lock, ()>>,
    offer: Offer,
}

impl<'lock> Offered<'lock> {
    fn take(lock: &'lock Mutex<()>, offer: Offer) -> Self {
        let held = (offer != Offer::NoLock).then(|| lock.lock().unwrap());
        Offered { lock, held, offer }
    }

    fn hand_over(&mut self) {
        drop(self.held.take());
        self.held = Some(self.lock.lock().unwrap());
    }
}

impl Turns for Offered<'_> {
    fn at_instruction(&mut self) {
        if self.offer == Offer::AtEveryInstruction {
            self.hand_over();
        }
    }

    fn at_call_or_jump_back(&mut self) {
        if self.offer == Offer::AtCallsAndJumpsBack {
            self.hand_over();
        }
    }

    fn sleep(&mut self, _: Duration) {
        self.hand_over();
    }
}
