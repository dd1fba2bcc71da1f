//! What holds for the schedules of every experiment.

use std::path::{Path, PathBuf};

use explore::EXPERIMENTS;
use interleave::{Counts, GRAPH_SCHEMA, Graph, Reading, Schedules};

fn folder(experiment: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples").join(experiment)
}

fn written() -> impl Iterator<Item = (&'static explore::Experiment, String)> {
    EXPERIMENTS.iter().map(|experiment| {
        let file = folder(experiment.name).join("schedules.json");
        let text = std::fs::read_to_string(&file).unwrap_or_else(|cause| {
            panic!(
                "cannot read examples/{}/schedules.json: {cause}; run cargo explore --write",
                experiment.name
            )
        });
        (experiment, text)
    })
}

fn graphs() -> impl Iterator<Item = Graph> {
    written().flat_map(|(_, text)| Schedules::from_json(&text).unwrap().scenarios)
}

#[test]
fn schedules_are_those_of_the_code_to_the_byte() {
    for (experiment, text) in written() {
        let explored =
            experiment.explore().unwrap_or_else(|cause| panic!("{}: {cause}", experiment.name));
        assert!(
            explored.to_json() == text,
            "examples/{0}/schedules.json is not what its code gives now; run cargo explore {0} --write",
            experiment.name
        );
    }
}

#[test]
fn schedules_are_as_their_schema_says() {
    let schema = serde_json::from_str(GRAPH_SCHEMA).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    for (experiment, text) in written() {
        let value = serde_json::from_str(&text).unwrap();
        let errors: Vec<String> = validator
            .iter_errors(&value)
            .map(|error| format!("{} at {}", error, error.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{}: {errors:?}", experiment.name);
    }
}

#[test]
fn reading_gives_back_what_was_written() {
    for (experiment, text) in written() {
        assert!(Schedules::from_json(&text).unwrap().to_json() == text, "{}", experiment.name);
    }
}

#[test]
fn outcomes_are_declared_and_found() {
    for experiment in EXPERIMENTS {
        for scenario in experiment.scenarios {
            let graph = scenario.explore(experiment.sources).unwrap();
            let found: Vec<&str> =
                graph.outcomes.iter().map(|outcome| outcome.text.as_str()).collect();
            let declared = [scenario.good, scenario.bad].concat();
            assert_eq!(found, declared, "{} {}", experiment.name, scenario.name);
        }
    }
}

#[test]
fn every_witness_reaches_its_outcome() {
    for graph in graphs() {
        for outcome in &graph.outcomes {
            for reached in [&outcome.preemptive, &outcome.cooperative] {
                for witness in [&reached.shortest, &reached.gentlest].into_iter().flatten() {
                    let states = graph.replay(&witness.parse().unwrap()).unwrap();
                    let last = *states.last().unwrap();
                    // A livelock has no end: its witness leads into a circle.
                    match graph.outcome(last) {
                        Some(end) => {
                            assert_eq!(end.text, outcome.text, "{}: {witness}", graph.name)
                        }
                        None => {
                            assert_eq!(outcome.text, "livelock", "{}: {witness}", graph.name);
                            assert!(graph.circles.iter().flatten().any(|&state| state == last));
                        }
                    }
                }
            }
        }
    }
}

#[test]
fn what_is_left_from_the_start_is_what_the_outcomes_say() {
    for graph in graphs() {
        for reading in [Reading::Preemptive, Reading::Cooperative] {
            let Some(counts) = Counts::of(&graph, reading) else {
                let counted = graph.outcomes.iter().find(|o| o.preemptive.schedules.is_some());
                assert!(!graph.circles.is_empty() && counted.is_none(), "{}", graph.name);
                continue;
            };
            for (outcome, count) in graph.outcomes.iter().zip(counts.from(0, None)) {
                let reached = match reading {
                    Reading::Preemptive => &outcome.preemptive,
                    Reading::Cooperative => &outcome.cooperative,
                };
                assert_eq!(reached.schedules.as_deref(), Some(count.to_string().as_str()));
            }
        }
    }
}

/// A path of the machine that explored would differ on every other.
#[test]
fn no_path_is_written() {
    for (experiment, text) in written() {
        assert!(!text.contains("/src/") && !text.contains("/home/"), "{}", experiment.name);
    }
}
