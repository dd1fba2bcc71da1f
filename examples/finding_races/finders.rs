//! Five ways to look for a mistake: two that hope, three that try every order.

use std::cell::RefCell;
use std::panic::{self, AssertUnwindSafe};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use finding_races::programs::{Program, RIGHT};
use finding_races::queue::Queue;
use interleave::{Memory, Scenario};
use shuttle::scheduler::DfsScheduler;

use crate::harness::race;

/// Rounds that are run before their results are looked at: few enough that
/// patience is not much outrun where a round takes a turn of the scheduler.
const BATCH: usize = 100;

/// What a finder has come to.
#[derive(Clone, Copy)]
pub struct Search {
    began: Instant,
    runs: u64,
    /// How many runs and how many seconds it took to the first that was wrong.
    pub first: Option<(u64, f64)>,
}

impl Search {
    fn begin() -> Search {
        Search { began: Instant::now(), runs: 0, first: None }
    }

    /// Notes one more run.
    fn note(&mut self, wrong: bool) {
        self.runs += 1;
        if wrong && self.first.is_none() {
            self.first = Some((self.runs, self.began.elapsed().as_secs_f64()));
        }
    }

    fn goes_on(&self, patience: Duration) -> bool {
        self.first.is_none() && self.began.elapsed() < patience
    }
}

// ANCHOR: in_a_loop
/// A test, again and again, until it fails or patience is at its end.
pub fn in_a_loop(program: Program, patience: Duration) -> Search {
    let mut search = Search::begin();
    while search.goes_on(patience) {
        search.note(program() != RIGHT);
    }
    search
}
// ANCHOR_END: in_a_loop

// ANCHOR: aligned
/// The same with two threads that stay, and start each round together.
pub fn aligned(program: usize, patience: Duration) -> Search {
    let mut search = Search::begin();
    while search.goes_on(patience) {
        match program {
            0 => race(BATCH, || Queue::holding(42), Queue::pop, Queue::pop)
                .into_iter()
                .for_each(|popped| search.note(matches!(popped, (Some(_), Some(_))))),
            1 => race(BATCH, Queue::empty, |queue| queue.push(42), Queue::pop)
                .into_iter()
                .for_each(|(_, popped)| search.note(popped.is_some_and(|item| item != 42))),
            _ => race(BATCH, Queue::empty, |queue| queue.push(42), Queue::longest)
                .into_iter()
                .for_each(|(_, longest)| search.note(longest > 1)),
        }
    }
    search
}
// ANCHOR_END: aligned

// ANCHOR: explorer
/// Every schedule, and every value that a load may return.
pub fn explorer(program: Program) -> Search {
    let search = RefCell::new(Search::begin());
    let run = || {
        let outcome = program();
        search.borrow_mut().note(outcome != RIGHT);
        outcome.to_owned()
    };
    let scenario = Scenario { memory: Memory::Weak, ..Scenario::of(String::new) };
    scenario.explore_run(&[], &run).expect("a program without chance");
    search.into_inner()
}
// ANCHOR_END: explorer

// ANCHOR: loom
/// Every schedule that can make a difference. loom panics at a data race.
pub fn loom(program: Program) -> Search {
    let search = Arc::new(Mutex::new(Search::begin()));
    let run = {
        let search = search.clone();
        move || {
            let outcome = program();
            search.lock().unwrap().note(outcome != RIGHT);
        }
    };
    let hook = panic::take_hook();
    panic::set_hook(Box::new(|_| {}));
    let watched = panic::catch_unwind(AssertUnwindSafe(|| loom::model(run)));
    panic::set_hook(hook);
    let mut search = *search.lock().unwrap();
    if watched.is_err() {
        search.note(true);
    }
    search
}
// ANCHOR_END: loom

// ANCHOR: shuttle
/// Every schedule, of atomics that are all SeqCst.
pub fn shuttle(program: Program) -> Search {
    let search = Arc::new(Mutex::new(Search::begin()));
    let run = {
        let search = search.clone();
        move || {
            let outcome = program();
            search.lock().unwrap().note(outcome != RIGHT);
        }
    };
    // It would say on standard error what its name for atomics does not: SeqCst.
    let mut config = shuttle::Config::new();
    config.silence_warnings = true;
    shuttle::Runner::new(DfsScheduler::new(None, false), config).run(run);
    *search.lock().unwrap()
}
// ANCHOR_END: shuttle
