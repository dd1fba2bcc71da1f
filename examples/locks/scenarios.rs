//! Two threads that want a price worked out once; two that pass a door.

mod cache;

use std::sync::atomic::AtomicU64;
use std::sync::{Mutex, RwLock};
use std::thread;

use interleave::{Scenario, Source, sources};

pub const SOURCES: &[Source] = sources!["cache.rs", "scenarios.rs"];

pub const SCENARIOS: &[Scenario] = &[
    Scenario {
        name: "look_then_fill",
        title: "Look with others, then write alone",
        goal: ("worked out twice", "let both work it out"),
        good: &["worked out once"],
        bad: &["worked out twice"],
        ..Scenario::of(|| times(cache::look_then_fill))
    },
    Scenario {
        name: "look_again",
        title: "Look with others, then look again alone",
        goal: ("worked out twice", "let both work it out, if you can"),
        good: &["worked out once"],
        ..Scenario::of(|| times(cache::look_again))
    },
    Scenario {
        name: "look_and_hold",
        title: "Look, and write before you stop looking",
        goal: ("worked out once", "let anybody get through, if you can"),
        bad: &["deadlock"],
        ..Scenario::of(|| times(cache::look_and_hold))
    },
    Scenario {
        name: "underscore",
        title: "let _ = door.lock()",
        goal: ("1 visit", "lose a visit behind the lock"),
        good: &["2 visits"],
        bad: &["1 visit"],
        ..Scenario::of(|| visits(cache::underscore))
    },
    Scenario {
        name: "guard",
        title: "let _guard = door.lock()",
        goal: ("1 visit", "lose a visit, if you can"),
        good: &["2 visits"],
        ..Scenario::of(|| visits(cache::guard))
    },
];

type Find = fn(&RwLock<Option<u64>>, fn() -> u64) -> (u64, bool);

fn times(find: Find) -> String {
    let cache = RwLock::new(None);
    let find = || find(&cache, || 42).1;
    let worked_out = thread::scope(|scope| {
        let [one, other] = [scope.spawn(find), scope.spawn(find)];
        [one, other].map(|thread| usize::from(thread.join().unwrap())).iter().sum::<usize>()
    });
    ["never worked out", "worked out once", "worked out twice"][worked_out].into()
}

fn visits(visit: fn(&Mutex<()>, &AtomicU64)) -> String {
    let (door, visits) = (Mutex::new(()), AtomicU64::new(0));
    thread::scope(|scope| {
        scope.spawn(|| visit(&door, &visits));
        scope.spawn(|| visit(&door, &visits));
    });
    match visits.into_inner() {
        1 => "1 visit".into(),
        visits => format!("{visits} visits"),
    }
}
