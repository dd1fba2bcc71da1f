//! What the schedule explorer found, read from an experiment's `schedules.json`.

use std::mem;

use anyhow::{Context, Result, bail, ensure};
use serde::Deserialize;
use serde_json::Value;

use crate::quantity::Unit;

/// The version of the graph's shape that is understood.
const SCHEMA: u32 = 1;

/// The explored schedules of an experiment. Of each graph only the outcomes
/// and the way to them are read: the rest is for the page.
#[derive(Clone, Debug, Deserialize)]
pub struct Explored {
    experiment: String,
    source: Source,
    scenarios: Vec<Scenario>,
}

/// A scenario and all the ways it can end.
#[derive(Clone, Debug, Deserialize)]
pub struct Scenario {
    /// Its name.
    pub name: String,
    /// Every outcome that is reachable.
    pub outcomes: Vec<Outcome>,
    /// The steps out of each state.
    edges: Vec<Vec<Edge>>,
    /// States without steps, with the index of their outcome.
    ends: Vec<(usize, usize)>,
}

/// A step out of a state: the thread, the next state, and sometimes which
/// alternative it is.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "Vec<Value>")]
struct Edge {
    to: usize,
}

impl TryFrom<Vec<Value>> for Edge {
    type Error = &'static str;

    fn try_from(step: Vec<Value>) -> Result<Edge, Self::Error> {
        let to = step.get(1).and_then(Value::as_u64).ok_or("a step that leads nowhere")?;
        Ok(Edge { to: to as usize })
    }
}

/// One way to end.
#[derive(Clone, Debug, Deserialize)]
pub struct Outcome {
    /// What the scenario came to: `3`, `deadlock`.
    pub text: String,
    preemptive: Reached,
    cooperative: Reached,
}

#[derive(Clone, Debug, Deserialize)]
struct Reached {
    schedules: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
struct Source {
    files: Vec<File>,
}

#[derive(Clone, Debug, Deserialize)]
struct File {
    name: String,
    lines: Vec<String>,
}

impl Explored {
    /// Reads the text of a `schedules.json`, which must be of `experiment`.
    pub(crate) fn parse(json: &str, experiment: &str) -> Result<Explored> {
        #[derive(Deserialize)]
        struct Version {
            schema: u32,
        }
        let read = || {
            let Version { schema } = serde_json::from_str(json)?;
            ensure!(schema == SCHEMA, "schema {schema}, where {SCHEMA} is understood");
            let explored: Explored = serde_json::from_str(json)?;
            ensure!(explored.experiment == experiment, "it is of `{}`", explored.experiment);
            Ok(explored)
        };
        read().with_context(|| format!("cannot use schedules.json of `{experiment}`"))
    }

    /// Fails if one of `sources`, names and texts, is not what was explored.
    pub(crate) fn check(&self, sources: &[(&str, &str)]) -> Result<()> {
        for file in &self.source.files {
            let compiled = sources.iter().find(|(name, _)| *name == file.name);
            if let Some((name, text)) = compiled
                && !text.lines().eq(&file.lines)
            {
                bail!("{name} has changed since it was explored; run cargo explore --write");
            }
        }
        Ok(())
    }

    /// The scenario called `name`.
    pub(crate) fn scenario(&self, name: &str) -> Result<&Scenario> {
        self.scenarios
            .iter()
            .find(|scenario| scenario.name == name)
            .with_context(|| format!("schedules.json has no scenario `{name}`"))
    }
}

impl Scenario {
    /// Whether these are all the outcomes there can be, in any order.
    pub fn ends_in(&self, outcomes: &[&str]) -> bool {
        let known = |text: &str| self.outcomes.iter().any(|outcome| outcome.text == text);
        outcomes.len() == self.outcomes.len() && outcomes.iter().all(|text| known(text))
    }

    /// Whether these are all the outcomes if threads switch only where they wait.
    pub fn cooperatively_ends_in(&self, outcomes: &[&str]) -> bool {
        let reachable = self
            .outcomes
            .iter()
            .filter(|outcome| outcome.cooperative.schedules.as_deref() != Some("0"));
        let reachable: Vec<_> = reachable.map(|outcome| outcome.text.as_str()).collect();
        outcomes.len() == reachable.len() && outcomes.iter().all(|text| reachable.contains(text))
    }

    /// From how many of the states some schedule is left that ends in
    /// `outcome`, and how many states there are.
    ///
    /// If from all, a scheduler that draws its steps by lot gets there with
    /// probability one, whatever circles it goes round before.
    pub(crate) fn within_reach(&self, outcome: &str) -> (usize, usize) {
        let mut leads = vec![false; self.edges.len()];
        for &(state, end) in &self.ends {
            leads[state] = self.outcomes[end].text == outcome;
        }
        // Each round looks a step further back.
        let mut changed = true;
        while mem::take(&mut changed) {
            for state in (0..self.edges.len()).rev() {
                if !leads[state] && self.edges[state].iter().any(|edge| leads[edge.to]) {
                    leads[state] = true;
                    changed = true;
                }
            }
        }
        (leads.iter().filter(|&&leads| leads).count(), leads.len())
    }

    /// `70 schedules end, 6 in 4, 32 in 3, 32 in 2`.
    pub(crate) fn counted(&self) -> String {
        self.count("schedules", |outcome| &outcome.preemptive)
    }

    /// The same, of the schedules in which threads switch only where they wait.
    pub(crate) fn counted_cooperatively(&self) -> String {
        self.count("cooperative schedules", |outcome| &outcome.cooperative)
    }

    fn count(&self, what: &str, reached: fn(&Outcome) -> &Reached) -> String {
        let count = |outcome| reached(outcome).schedules.as_deref();
        let outcomes: Vec<_> = self.outcomes.iter().filter(|&o| count(o) != Some("0")).collect();
        let texts = || outcomes.iter().map(|outcome| outcome.text.as_str());
        let counts: Option<Vec<f64>> =
            outcomes.iter().map(|&outcome| count(outcome)?.parse().ok()).collect();
        let Some(counts) = counts else {
            return format!(
                "{what} without end, outcomes {}",
                texts().collect::<Vec<_>>().join(", ")
            );
        };
        let number = |n: f64| Unit::Count.format(n);
        let parts: Vec<_> = counts
            .iter()
            .zip(texts())
            .map(|(&n, text)| format!("{} in {text}", number(n)))
            .collect();
        let all = counts.iter().sum();
        if let [outcome] = &outcomes[..] {
            if all == 1.0 {
                return format!("1 {}, ends in {}", what.trim_end_matches('s'), outcome.text);
            }
            return format!("{} {what}, all end in {}", number(all), outcome.text);
        }
        format!("{} {what} end, {}", number(all), parts.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const JSON: &str = r#"{
        "schema": 1, "experiment": "race",
        "source": { "files": [{ "name": "counter.rs", "lines": ["fn add() {}"] }] },
        "scenarios": [{ "name": "twice", "outcomes": [
            { "text": "4", "preemptive": { "schedules": "6" }, "cooperative": { "schedules": "2" } },
            { "text": "3", "preemptive": { "schedules": "64" }, "cooperative": { "schedules": "0" } }
        ], "edges": [[[1, 1], [2, 2, 1, "reads 0"]], [[2, 0], [2, 3]], [[1, 2]], []], "ends": [[3, 0]] }]
    }"#;

    #[test]
    fn outcomes_are_complete_or_they_are_not() {
        let explored = Explored::parse(JSON, "race").unwrap();
        let twice = explored.scenario("twice").unwrap();
        assert!(twice.ends_in(&["3", "4"]));
        assert!(!twice.ends_in(&["4"]));
        assert!(twice.cooperatively_ends_in(&["4"]));
        assert_eq!(twice.counted(), "70 schedules end, 6 in 4, 64 in 3");
        assert_eq!(twice.counted_cooperatively(), "2 cooperative schedules, all end in 4");
    }

    #[test]
    fn one_schedule_is_said_in_the_singular() {
        let one = JSON.replace(r#""schedules": "64""#, r#""schedules": "0""#);
        let one = one.replace(r#""schedules": "6""#, r#""schedules": "1""#);
        let explored = Explored::parse(&one, "race").unwrap();
        assert_eq!(explored.scenario("twice").unwrap().counted(), "1 schedule, ends in 4");
    }

    #[test]
    fn a_circle_without_a_way_out_is_told_from_one_with() {
        let reach = |json: &str, outcome| {
            let explored = Explored::parse(json, "race").unwrap();
            explored.scenario("twice").unwrap().within_reach(outcome)
        };
        // State 2 leads to itself alone.
        assert_eq!(reach(JSON, "4"), (3, 4));
        let mended = JSON.replace("[[1, 2]]", "[[1, 2], [2, 0]]");
        assert_eq!(reach(&mended, "4"), (4, 4));
        assert_eq!(reach(&mended, "3"), (0, 4));
    }

    #[test]
    fn what_cannot_be_used_is_refused_with_the_reason() {
        let refused = |json: &str, name| format!("{:#}", Explored::parse(json, name).unwrap_err());
        assert!(refused(JSON, "other").ends_with("it is of `race`"));
        assert!(refused(&JSON.replace(": 1,", ": 2,"), "race").contains("schema 2"));
        let explored = Explored::parse(JSON, "race").unwrap();
        assert!(explored.check(&[("counter.rs", "fn add() {}\n")]).is_ok());
        let error = explored.check(&[("counter.rs", "fn subtract() {}\n")]).unwrap_err();
        assert!(error.to_string().contains("run cargo explore --write"), "{error}");
    }
}
