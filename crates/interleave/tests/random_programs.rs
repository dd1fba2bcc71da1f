//! Random small programs: what exploring counts is what enumerating counts.

mod common;

use std::collections::BTreeMap;

use interleave::{Graph, Reached, Scenario};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

fn counts(graph: &Graph, reached: fn(&interleave::Outcome) -> &Reached) -> BTreeMap<String, u128> {
    let counts = graph.outcomes.iter().map(|outcome| {
        let schedules = reached(outcome).schedules.as_ref().expect("no circles");
        (outcome.text.clone(), schedules.parse().unwrap())
    });
    counts.filter(|(_, count)| *count > 0).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, rng_seed: RngSeed::Fixed(22), ..ProptestConfig::default() })]

    #[test]
    fn counts_are_those_of_an_enumeration(program in common::program()) {
        let graph = Scenario::of(String::new).explore_run(&[], &|| common::run(&program)).unwrap();
        prop_assert_eq!(counts(&graph, |outcome| &outcome.preemptive), common::enumerate(&program, false));
        prop_assert_eq!(counts(&graph, |outcome| &outcome.cooperative), common::enumerate(&program, true));
    }

    #[test]
    fn exploring_twice_gives_the_same_bytes(program in common::program()) {
        let explore = || Scenario::of(String::new).explore_run(&[], &|| common::run(&program)).unwrap();
        prop_assert_eq!(explore().to_json(), explore().to_json());
    }

    #[test]
    fn witnesses_reach_their_outcomes(program in common::program()) {
        let graph = Scenario::of(String::new).explore_run(&[], &|| common::run(&program)).unwrap();
        graph.check().unwrap();
        for outcome in &graph.outcomes {
            for reached in [&outcome.preemptive, &outcome.cooperative] {
                for witness in [&reached.shortest, &reached.gentlest].into_iter().flatten() {
                    let states = graph.replay(&witness.parse().unwrap()).unwrap();
                    let end = graph.outcome(*states.last().unwrap()).unwrap();
                    prop_assert_eq!(&end.text, &outcome.text);
                }
            }
        }
    }
}
