//! Two threads and four rows, of which the first is slow; three rows alike.

use core::sync::atomic as uncounted;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Mutex, mpsc};

use exercise::{Case, Check, Hint, Scenario};

use super::answer::draw_all;

const TWICE: Hint = Hint::on(
    "panic: a row is drawn a second time",
    "Between the look at which row is next and the note that it is taken, another thread can look \
     too. Both have to be one step.",
);

const ONE_TOO_MANY: Hint = Hint::on(
    "panic",
    "A row is looked up that the picture does not have. One was left when the thread looked, and \
     before it took that one, another thread did. Look at what you have taken.",
);

const ORDER: Hint = Hint::on(
    "",
    "The rows have to be in their order in the result, whoever was done with them first. Keep with \
     each result the number of its row.",
);

pub const CHECK: Check = Check {
    starter: ("slow_row", "deadlock"),
    cases: &[
        Case::Explored {
            scenario: Scenario {
                name: "alike",
                title: "Two threads, three rows alike",
                good: &["1 2 3, two at once", "1 2 3, one by one"],
                worker: "worker",
                limit: 20_000,
                ..Scenario::of(alike)
            },
            must: &[(
                "1 2 3, two at once",
                "One thread has to wait until another has drawn its row. What is locked meanwhile, \
                 or who is joined?",
            )],
            hints: &[
                Hint::on(
                    "three at once",
                    "That is a thread for each row, and a picture has thousands. Let each of a few \
                     threads come back for the next row.",
                ),
                TWICE,
                ONE_TOO_MANY,
                ORDER,
            ],
        },
        Case::Explored {
            scenario: Scenario {
                name: "slow_row",
                title: "Two threads, and a first row that takes until all others are drawn",
                good: &["1 2 3 4"],
                worker: "worker",
                ..Scenario::of(slow_row)
            },
            must: &[],
            hints: &[
                Hint::on(
                    "deadlock",
                    "A row waits behind the slow one, and nobody else may draw it: whoever has the \
                     slow row was given that one too. Which thread draws a row should be settled \
                     when a thread is free, and for one row at a time.",
                ),
                TWICE,
                ONE_TOO_MANY,
                ORDER,
            ],
        },
    ],
    without: &[],
};

fn alike() -> String {
    let most = AtomicUsize::new(0);
    // No step of its own: who draws follows from where the threads are.
    let at_it = uncounted::AtomicUsize::new(0);
    let drawn = Drawn::default();
    let picture = draw_all(3, 2, |row| {
        drawn.begin(row);
        let at_once = at_it.fetch_add(1, Relaxed) + 1;
        // A step, so that others can begin meanwhile.
        most.fetch_max(at_once, Relaxed);
        at_it.fetch_sub(1, Relaxed);
        row as u32 + 1
    });
    match most.into_inner() {
        1 => format!("{}, one by one", told(&picture)),
        2 => format!("{}, two at once", told(&picture)),
        _ => "three at once".into(),
    }
}

fn slow_row() -> String {
    let (drawn, others) = (Drawn::default(), mpsc::channel());
    let (sender, receiver) = (others.0, Mutex::new(others.1));
    let picture = draw_all(4, 2, |row| {
        drawn.begin(row);
        if row == 0 {
            let others = receiver.lock().unwrap();
            (0..3).for_each(|_| others.recv().unwrap());
        } else {
            sender.send(()).unwrap();
        }
        row as u32 + 1
    });
    told(&picture)
}

/// Which rows have been begun. No step: it follows from what the threads do.
#[derive(Default)]
struct Drawn([uncounted::AtomicBool; 4]);

impl Drawn {
    fn begin(&self, row: usize) {
        if self.0[row].swap(true, Relaxed) {
            panic!("a row is drawn a second time");
        }
    }
}

fn told(picture: &[u32]) -> String {
    picture.iter().map(u32::to_string).collect::<Vec<_>>().join(" ")
}
