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
        run: || life::<Plain>(no_collector),
        ..TWO_THREADS
    },
    Scenario {
        name: "locked",
        title: "Counts under a lock, two threads",
        run: || life::<Locked>(no_collector),
        ..TWO_THREADS
    },
    Scenario {
        name: "atomic",
        title: "Atomic counts, two threads",
        run: || life::<Atomic>(no_collector),
        ..TWO_THREADS
    },
    Scenario {
        name: "biased",
        title: "Biased counts, the owner and one other thread",
        run: || life_with_an_owner(|letter| letter.send(()).unwrap()),
        ..TWO_THREADS
    },
    Scenario {
        name: "biased_forgotten",
        title: "Biased counts, and a reference that is not sent home",
        goal: (ONE_FREE, "free the object at all, if you can"),
        good: &[],
        bad: &[LEAK],
        run: || life_with_an_owner(|_forgotten| ()),
        ..TWO_THREADS
    },
    Scenario {
        name: "deferred",
        title: "Deferred counts, two threads and a collector",
        run: || life::<Deferred>(collect),
        ..TWO_THREADS
    },
];

/// An object, and how often it was freed.
struct Object<C> {
    count: C,
    freed: AtomicU32,
}

impl<C: Count> Object<C> {
    /// With two references, counted by the first thread; one is handed over.
    fn new() -> Self {
        Object { count: C::new(0, 2), freed: AtomicU32::new(0) }
    }

    /// Drops a reference and does what has to be done then.
    fn drop(&self, me: usize, send_home: impl Fn()) {
        match self.count.decrement(me) {
            Then::GoOn => {}
            Then::Free => _ = self.freed.fetch_add(1, Relaxed),
            Then::SendHome => send_home(),
        }
    }

    /// Copies a reference, drops the copy, uses the object and drops the
    /// reference. Whether the object was there to be used.
    fn employ(&self, me: usize, send_home: impl Fn()) -> bool {
        self.count.increment(me);
        self.drop(me, &send_home);
        let there = self.freed.load(Relaxed) == 0;
        self.drop(me, send_home);
        there
    }

    /// How it ended, if the threads found the object there or not.
    fn end(self, there: [bool; 2]) -> String {
        match (there, self.freed.into_inner()) {
            ([true, true], 0) => LEAK,
            ([true, true], 1) => ONE_FREE,
            ([true, true], _) => DOUBLE_FREE,
            _ => USE_AFTER_FREE,
        }
        .into()
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

fn life<C: Count>(collector: Collector<C>) -> String {
    let object = Object::<C>::new();
    let there = thread::scope(|scope| {
        let object = &object;
        let nowhere = || unreachable!("no owner");
        [0, 1]
            .map(|me| scope.spawn(move || object.employ(me, nowhere)))
            .map(|thread| thread.join().unwrap())
    });
    collector(&object);
    object.end(there)
}

/// The other thread may send references home, and the owner drops them there.
fn life_with_an_owner(send_home: fn(&Sender<()>)) -> String {
    let object = Object::<Biased>::new();
    let (letter, letters) = mpsc::channel();
    let there = thread::scope(|scope| {
        let object = &object;
        let owner = scope.spawn(move || {
            let there = object.employ(0, || ());
            for () in &letters {
                object.drop(0, || ());
            }
            there
        });
        let other = scope.spawn(move || object.employ(1, || send_home(&letter)));
        [owner.join().unwrap(), other.join().unwrap()]
    });
    object.end(there)
}
