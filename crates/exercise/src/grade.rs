//! Holds an answer to each case of its check: by every schedule, by the clock, or by a run.

use interleave::{Error, Graph, Reading, Scenario, Schedule};

use crate::check::{Attempt, Case, Hint};
use crate::{once, race};

/// What came of an answer.
#[derive(Debug)]
pub struct Verdict {
    /// A line for each case that it passed.
    pub passed: Vec<String>,
    /// Why it is not right, if it is not.
    pub refusal: Option<Refusal>,
}

/// Why an answer is not right.
#[derive(Debug)]
pub struct Refusal {
    /// The case that it fails, or nothing if it is the code that is wrong.
    pub case: &'static str,
    /// What it ends in, what it never ends in, or what the code has.
    pub outcome: String,
    /// One sentence.
    pub what: String,
    /// What helps on.
    pub hint: Option<String>,
    /// The case's graph, and a schedule that shows it.
    pub shown: Option<(Graph, Schedule)>,
}

/// Holds an answer to its check.
pub fn grade(attempt: &Attempt) -> Verdict {
    let code = attempt.code();
    let mut verdict = Verdict { passed: Vec::new(), refusal: None };
    for &(text, why) in attempt.check.without {
        if code.contains(text) {
            verdict.refusal = Some(Refusal {
                case: "",
                outcome: text.into(),
                what: format!("The task rules out `{text}`."),
                hint: Some(why.into()),
                shown: None,
            });
            return verdict;
        }
    }
    for case in attempt.check.cases {
        let tried = match case {
            Case::Timed(race) => race::run(race, &code),
            Case::Once(once) => once::run(once, &code),
            Case::Explored { scenario, must, hints } => {
                explore(scenario, must, hints, attempt, &code)
            }
        };
        match tried {
            Ok(line) => verdict.passed.push(line),
            Err(refusal) => {
                verdict.refusal = Some(*refusal);
                return verdict;
            }
        }
    }
    verdict
}

fn explore(
    scenario: &Scenario,
    must: &[(&str, &str)],
    hints: &[Hint],
    attempt: &Attempt,
    code: &str,
) -> Result<String, Box<Refusal>> {
    let name = scenario.name;
    let graph = scenario.explore_open(attempt.sources).map_err(|error| {
        let (outcome, hint) = match &error {
            Error::TooManyStates { .. } => (
                "too many states",
                "A loop that waits for somebody must say `std::hint::spin_loop()` each time \
                 round, or await; a loop that counts its rounds has no end of states.",
            ),
            Error::Nondeterministic { .. } => (
                "chance",
                "What an answer does may depend on the schedule alone: not on time, on \
                 addresses or on the order of a HashMap.",
            ),
            _ => ("error", ""),
        };
        let hint = Hint::find(hints, outcome, code).unwrap_or(hint);
        Box::new(Refusal {
            case: name,
            outcome: outcome.into(),
            what: format!("it cannot be explored: {error}."),
            hint: (!hint.is_empty()).then(|| hint.into()),
            shown: None,
        })
    })?;
    let cooperative = scenario.reading == Reading::Cooperative;
    let reached = |outcome: &interleave::Outcome| match cooperative {
        true => outcome.cooperative.clone(),
        false => outcome.preemptive.clone(),
    };
    let bad = graph.outcomes.iter().filter(|outcome| !outcome.good);
    // The easiest one to follow.
    let bad = bad.filter_map(|outcome| {
        let reached = reached(outcome);
        let witness = reached.gentlest.as_ref().or(reached.shortest.as_ref())?;
        let schedule: Schedule = witness.parse().ok()?;
        Some((reached.preemptions, schedule.0.len(), outcome.text.clone(), schedule, reached))
    });
    if let Some((_, _, outcome, schedule, reached)) =
        bad.min_by(|a, b| (a.0, a.1, &a.2).cmp(&(b.0, b.1, &b.2)))
    {
        let count = |digits: Option<&str>| digits.map_or("Some".to_owned(), grouped);
        let wanted = scenario.good.join(" or ");
        let (many, all) = (count(reached.schedules.as_deref()), total(&graph, cooperative));
        let what = match all {
            Some(all) => match (&*many, grouped(&all.to_string())) {
                (many, all) if many == all => "however it is run, it ends in".into(),
                ("1", all) => format!("1 of {all} ways to run it ends in"),
                (many, all) => format!("{many} of {all} ways to run it end in"),
            },
            None => "it can end in".to_owned(),
        };
        let hint = Hint::find(hints, &outcome, code).or_else(|| general(&outcome));
        return Err(Box::new(Refusal {
            case: name,
            what: format!("{what} {outcome}; what is wanted is {wanted}."),
            outcome,
            hint: hint.map(str::to_owned),
            shown: Some((graph, schedule)),
        }));
    }
    for &(outcome, hint) in must {
        if !graph.outcomes.iter().any(|o| o.text == outcome && reached(o).shortest.is_some()) {
            return Err(Box::new(Refusal {
                case: name,
                outcome: format!("never {outcome}"),
                what: format!("no schedule ends in {outcome}, and one must."),
                hint: Some(hint.into()),
                shown: None,
            }));
        }
    }
    let ways = match total(&graph, cooperative) {
        Some(1) => "its one way to run is right".into(),
        Some(all) => format!("all {} ways to run are right", grouped(&all.to_string())),
        None => "right in all its ways to run, of which there is no end".into(),
    };
    let must: Vec<_> = must.iter().map(|(outcome, _)| format!("“{outcome}”")).collect();
    let found = match must.is_empty() {
        true => String::new(),
        false => format!(", and can end in {}", must.join(" and in ")),
    };
    Ok(format!("{}: {ways}{found}", scenario.title))
}

fn total(graph: &Graph, cooperative: bool) -> Option<u128> {
    let counts = graph.outcomes.iter().map(|outcome| {
        let reached = if cooperative { &outcome.cooperative } else { &outcome.preemptive };
        reached.schedules.as_deref()?.parse::<u128>().ok()
    });
    counts.sum()
}

/// For what the check did not think of.
fn general(outcome: &str) -> Option<&'static str> {
    match outcome {
        "deadlock" => {
            Some("At the last step everybody waits. What does each hold that another one needs?")
        }
        "livelock" => {
            Some("They go round for ever. What would have to change, and who could change it?")
        }
        text if text.starts_with("panic") => {
            Some("A panic is an outcome too. Which of your assumptions does the schedule break?")
        }
        _ => None,
    }
}

/// `66 468 720`.
fn grouped(digits: &str) -> String {
    if digits.len() < 5 {
        return digits.into();
    }
    let groups: Vec<&[u8]> = digits.as_bytes().rchunks(3).rev().collect();
    let groups: Vec<_> = groups.iter().map(|group| String::from_utf8_lossy(group)).collect();
    groups.join(" ")
}
