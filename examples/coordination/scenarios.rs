//! One baker bakes two loaves, two buyers want one each.

mod bakery;

use std::sync::{Condvar, Mutex};
use std::thread;

use bakery::Bakery;
use interleave::{Scenario, Source, sources};

pub const SOURCES: &[Source] = sources!["bakery.rs", "scenarios.rs"];

pub const SCENARIOS: &[Scenario] = &[
    Scenario {
        name: "if",
        title: "Two buyers who look once",
        goal: ("a buyer left without", "send a buyer home without a loaf"),
        good: &["both bought"],
        bad: &["a buyer left without"],
        ..Scenario::of(|| market(Bakery::buy_if))
    },
    Scenario {
        name: "while",
        title: "Two buyers who look again",
        goal: ("a buyer left without", "send a buyer home without a loaf, if you can"),
        good: &["both bought"],
        ..Scenario::of(|| market(Bakery::buy_while))
    },
];

fn market(buy: fn(&Bakery) -> bool) -> String {
    let bakery = Bakery { shelf: Mutex::new(0), bell: Condvar::new() };
    let served = thread::scope(|scope| {
        let buyers = ["buyer 1", "buyer 2"].map(|name| {
            let buyer = thread::Builder::new().name(name.into());
            buyer.spawn_scoped(scope, || buy(&bakery)).unwrap()
        });
        let baker = thread::Builder::new().name("baker".into());
        baker
            .spawn_scoped(scope, || {
                bakery.bake();
                bakery.bake();
            })
            .unwrap();
        buyers.map(|buyer| buyer.join().unwrap())
    });
    if served == [true, true] { "both bought" } else { "a buyer left without" }.into()
}
