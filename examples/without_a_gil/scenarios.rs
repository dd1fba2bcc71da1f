//! Two threads with a reference each: each copies it, drops the copy, uses the
//! object, and drops its reference.

mod counts;

use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::sync::mpsc::{self, Sender};
use std::thread;

use counts::{Atomic, Biased, Count, Deferred, Locked, Plain, Then};
use interleave::{Scenario, Source, sources};

pub const SOURCES: &[Source] = sources!["counts.rs", "scenarios.rs"];

const ONE_FREE: &str = "one-free";
const USE_AFTER_FREE: &str = "use-after-free";
const DOUBLE_FREE: &str = "double-free";
const LEAK: &str = "leak";

const TWO_THREADS: Scenario = Scenario {
    goal: (USE_AFTER_FREE, "free the object while a thread is using it, if you can"),
    good: &[ONE_FREE],
    ..Scenario::of(String::new)
};

pub const SCENARIOS: &[Scenario] = &[
    Scenario {
        name: "plain",
        title: "Plain counts, two threads",
        goal: (USE_AFTER_FREE, "free the object while a thread is using it"),
        bad: &[USE_AFTER_FREE, DOUBLE_FREE, LEAK],
        run: || life::<Plain>(Home::Open, no_collector),
        ..TWO_THREADS
    },
    Scenario {
        name: "locked",
        title: "Counts under a lock, two threads",
        run: || life::<Locked>(Home::Open, no_collector),
        ..TWO_THREADS
    },
    Scenario {
        name: "atomic",
        title: "Atomic counts, two threads",
        run: || life::<Atomic>(Home::Open, no_collector),
        ..TWO_THREADS
    },
    Scenario {
        name: "biased",
        title: "Biased counts, the owner and one other thread",
        run: || life::<Biased>(Home::Open, no_collector),
        ..TWO_THREADS
    },
    Scenario {
        name: "biased_forgotten",
        title: "Biased counts, and a reference that is not sent home",
        goal: (ONE_FREE, "free the object at all, if you can"),
        good: &[],
        bad: &[LEAK],
        run: || life::<Biased>(Home::Closed, no_collector),
        ..TWO_THREADS
    },
    Scenario {
        name: "deferred",
        title: "Deferred counts, two threads and a collector",
        run: || life::<Deferred>(Home::Open, collect),
        ..TWO_THREADS
    },
];

/// Whether references that should be sent home to their owner get there.
#[derive(PartialEq)]
enum Home {
    Open,
    Closed,
}

/// An object, and how often it was freed.
struct Object<C> {
    count: C,
    freed: AtomicU32,
}

impl<C: Count> Object<C> {
    /// Drops a reference and does what has to be done then.
    fn drop(&self, me: usize, home: Option<&Sender<()>>) {
        match self.count.decrement(me) {
            Then::GoOn => {}
            Then::Free => _ = self.freed.fetch_add(1, Relaxed),
            Then::SendHome => _ = home.map(|home| home.send(()).unwrap()),
        }
    }

    /// Copies a reference, drops the copy, uses the object and drops the
    /// reference. Whether the object was there to be used.
    fn employ(&self, me: usize, home: Option<&Sender<()>>) -> bool {
        self.count.increment(me);
        self.drop(me, home);
        let there = self.freed.load(Relaxed) == 0;
        self.drop(me, home);
        there
    }
}

/// What a collector does once all threads stand still.
type Collector<C> = fn(&Object<C>);

fn no_collector<C>(_: &Object<C>) {}

fn collect<C: Count>(object: &Object<C>) {
    if object.count.total() == 0 {
        object.freed.fetch_add(1, Relaxed);
    }
}

fn life<C: Count>(home: Home, collector: Collector<C>) -> String {
    let object = Object { count: C::new(0), freed: AtomicU32::new(0) };
    // The other thread's reference, counted by the first.
    object.count.increment(0);
    let (letter, letters) = mpsc::channel();
    let [one, other] = thread::scope(|scope| {
        let object = &object;
        let one = scope.spawn(move || {
            let there = object.employ(0, None);
            for () in &letters {
                object.drop(0, None);
            }
            there
        });
        let other = scope.spawn(move || object.employ(1, (home == Home::Open).then_some(&letter)));
        [one.join().unwrap(), other.join().unwrap()]
    });
    collector(&object);
    match (one && other, object.freed.into_inner()) {
        (true, 0) => LEAK,
        (true, 1) => ONE_FREE,
        (true, _) => DOUBLE_FREE,
        (false, _) => USE_AFTER_FREE,
    }
    .into()
}
