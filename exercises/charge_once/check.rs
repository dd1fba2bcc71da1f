//! A worker that dies before one of its calls, two at one order, two orders.

use core::sync::atomic as uncounted;
use std::sync::Mutex;
use std::thread;

use exercise::{Case, Check, Hint, Scenario};
use uncounted::Ordering::Relaxed;

use super::answer::{Bank, Order, Queue, carry_out};

const KILLED: Scenario =
    Scenario { good: &["charged once"], worker: "worker", ..Scenario::of(String::new) };

const KILLED_HINTS: &[Hint] = &[
    Hint::on(
        "never charged",
        "The queue forgets an order when it is reported. A worker that dies after that and before \
         the charge is missed by nobody.",
    ),
    Hint::on(
        "charged twice",
        "Each worker that tries has a key of its own, and so the bank knows of no charge with that \
         key. What do all tries at an order have in common?",
    )
    .when("{worker}"),
    Hint::on(
        "charged twice",
        "The first worker had charged, and died before it could say so. From outside that looks \
         like one that died before the charge. Who could tell that the two charges are one?",
    ),
    REPORT,
];

const REPORT: Hint = Hint::on(
    "never reported",
    "The worker has done what it does and the queue does not know. It will hand the order out for \
     ever.",
);

pub const CHECK: Check = Check {
    starter: ("second_call", "never charged"),
    cases: &[
        Case::Explored {
            scenario: Scenario {
                name: "first_call",
                title: "A worker dies before its first call; another is given the order",
                run: || killed_after(0),
                ..KILLED
            },
            must: &[],
            hints: KILLED_HINTS,
        },
        Case::Explored {
            scenario: Scenario {
                name: "second_call",
                title: "A worker dies before its second call; another is given the order",
                run: || killed_after(1),
                ..KILLED
            },
            must: &[],
            hints: KILLED_HINTS,
        },
        Case::Explored {
            scenario: Scenario {
                name: "third_call",
                title: "A worker dies before its third call; another is given the order",
                run: || killed_after(2),
                ..KILLED
            },
            must: &[],
            hints: KILLED_HINTS,
        },
        Case::Explored {
            scenario: Scenario {
                name: "at_once",
                title: "A worker that is slow, and another that is given its order",
                good: &["charged once"],
                worker: "worker",
                ..Scenario::of(at_once)
            },
            must: &[],
            hints: &[
                Hint::on(
                    "charged twice",
                    "Both have asked before either has charged. To look and to charge must be one \
                     step, and only the bank can make it one.",
                ),
                REPORT,
            ],
        },
        Case::Explored {
            scenario: Scenario {
                name: "two_orders",
                title: "A customer orders the same for the same price twice",
                good: &["2 charges for 2 orders"],
                ..Scenario::of(two_orders)
            },
            must: &[],
            hints: &[Hint::on(
                "1 charge for 2 orders",
                "Two orders have one key, and the bank takes them for one. What does an order have \
                 that no other order has?",
            )],
        },
    ],
    without: &[],
};

fn order(number: u32) -> Order {
    Order { number, customer: 7, cents: 1_990 }
}

fn killed_after(calls: usize) -> String {
    let (world, order) = (World::default(), order(1));
    let first = thread::scope(|scope| {
        let first = scope.spawn(|| Worker::that_dies_after(calls, &world).carry_out(&order, 1));
        first.join()
    });
    if first.is_err() && !world.reported(&order) {
        Worker::of(&world).carry_out(&order, 2);
    }
    world.end(&order)
}

fn at_once() -> String {
    let (world, order) = (World::default(), order(1));
    thread::scope(|scope| {
        for worker in [1, 2] {
            let (world, order) = (&world, &order);
            scope.spawn(move || Worker::of(world).carry_out(order, worker));
        }
    });
    world.end(&order)
}

fn two_orders() -> String {
    let world = World::default();
    for number in [1, 2] {
        Worker::of(&world).carry_out(&order(number), 1);
    }
    match world.charges.lock().unwrap().len() {
        1 => "1 charge for 2 orders".into(),
        charges => format!("{charges} charges for 2 orders"),
    }
}

/// What the bank and the queue know.
struct World {
    /// `ORDER: KEY`
    charges: Mutex<Vec<String>>,
    reports: Mutex<Vec<u32>>,
}

impl Default for World {
    fn default() -> Self {
        World { charges: Mutex::new(vec![]), reports: Mutex::new(vec![]) }
    }
}

impl World {
    fn reported(&self, order: &Order) -> bool {
        self.reports.lock().unwrap().contains(&order.number)
    }

    fn end(&self, order: &Order) -> String {
        let charges = self.charges.lock().unwrap().len();
        match charges {
            0 => "never charged",
            1 if !self.reported(order) => "never reported",
            1 => "charged once",
            _ => "charged twice",
        }
        .into()
    }
}

/// A worker's way to the bank and to the queue, for as long as it lives.
struct Worker<'a> {
    world: &'a World,
    /// No step: nobody else looks at it.
    calls: uncounted::AtomicUsize,
}

impl<'a> Worker<'a> {
    fn of(world: &'a World) -> Self {
        Self::that_dies_after(usize::MAX, world)
    }

    fn that_dies_after(calls: usize, world: &'a World) -> Self {
        Worker { world, calls: uncounted::AtomicUsize::new(calls) }
    }

    fn carry_out(&self, order: &Order, worker: u32) {
        carry_out(order, worker, self, self);
    }

    /// Before each call: the last of them is never made.
    fn live(&self) {
        let left = self.calls.load(Relaxed);
        assert!(left > 0, "killed");
        self.calls.store(left - 1, Relaxed);
    }
}

/// A step is told at the line of the answer that calls.
impl Bank for Worker<'_> {
    #[track_caller]
    fn charge(&self, order: &Order) {
        self.live();
        self.world.charges.lock().unwrap().push(format!("{}: no key", order.number));
    }

    #[track_caller]
    fn charged(&self, order: &Order) -> bool {
        self.live();
        let start = format!("{}: ", order.number);
        self.world.charges.lock().unwrap().iter().any(|charge| charge.starts_with(&start))
    }

    #[track_caller]
    fn charge_with_key(&self, key: &str, order: &Order) {
        self.live();
        let mut charges = self.world.charges.lock().unwrap();
        let known =
            |charge: &String| charge.split_once(": ").is_some_and(|(_, known)| known == key);
        if !charges.iter().any(known) {
            charges.push(format!("{}: {key}", order.number));
        }
    }
}

impl Queue for Worker<'_> {
    #[track_caller]
    fn report(&self, order: &Order) {
        self.live();
        self.world.reports.lock().unwrap().push(order.number);
    }
}
