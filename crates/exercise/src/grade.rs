//! Holds an answer to each case of its check: by every schedule, by the clock, or by a run.

use interleave::telling::grouped;
use interleave::{Error, Graph, Outcome, Reached, Reading, Scenario, Schedule, Source};

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
                Explored { scenario, must, hints, code: &code }.grade(attempt.sources)
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

/// An explored case.
struct Explored<'a> {
    scenario: &'a Scenario,
    must: &'a [(&'a str, &'a str)],
    hints: &'a [Hint],
    code: &'a str,
}

impl Explored<'_> {
    /// Runs the answer under every schedule.
    fn grade(&self, sources: &[Source]) -> Result<String, Box<Refusal>> {
        let graph = self.scenario.explore_open(sources).map_err(|error| self.endless(&error))?;
        if let Some((outcome, schedule)) = self.worst(&graph) {
            return Err(Box::new(Refusal {
                case: self.scenario.name,
                what: self.how_often(&graph, outcome),
                outcome: outcome.text.clone(),
                hint: self
                    .hint(&outcome.text)
                    .or_else(|| general(&outcome.text))
                    .map(str::to_owned),
                shown: Some((graph, schedule)),
            }));
        }
        let never =
            |wanted: &str| !self.outcomes(&graph).any(|(outcome, _)| outcome.text == wanted);
        if let Some((outcome, hint)) = self.must.iter().find(|(wanted, _)| never(wanted)) {
            return Err(Box::new(Refusal {
                case: self.scenario.name,
                outcome: format!("never {outcome}"),
                what: format!("no schedule ends in {outcome}, and one must."),
                hint: Some((*hint).into()),
                shown: None,
            }));
        }
        Ok(self.passed(&graph))
    }

    fn hint(&self, outcome: &str) -> Option<&str> {
        Hint::find(self.hints, outcome, self.code)
    }

    /// The graph could not be drawn.
    fn endless(&self, error: &Error) -> Box<Refusal> {
        let (outcome, hint) = match error {
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
        let hint = self.hint(outcome).unwrap_or(hint);
        Box::new(Refusal {
            case: self.scenario.name,
            outcome: outcome.into(),
            what: format!("it cannot be explored: {error}."),
            hint: (!hint.is_empty()).then(|| hint.into()),
            shown: None,
        })
    }

    fn reached<'g>(&self, outcome: &'g Outcome) -> &'g Reached {
        match self.scenario.reading {
            Reading::Cooperative => &outcome.cooperative,
            Reading::Preemptive => &outcome.preemptive,
        }
    }

    /// The outcomes that some schedule of this reading ends in, and how.
    fn outcomes<'g>(&self, graph: &'g Graph) -> impl Iterator<Item = (&'g Outcome, &'g Reached)> {
        let all = graph.outcomes.iter().map(|outcome| (outcome, self.reached(outcome)));
        all.filter(|(_, reached)| reached.shortest.is_some())
    }

    /// Of the outcomes that are not good the one that is easiest to follow, and its schedule.
    fn worst<'g>(&self, graph: &'g Graph) -> Option<(&'g Outcome, Schedule)> {
        let bad = self.outcomes(graph).filter(|(outcome, _)| !outcome.good);
        let followed = bad.filter_map(|(outcome, reached)| {
            let witness = reached.gentlest.as_ref().or(reached.shortest.as_ref())?;
            let schedule: Schedule = witness.parse().ok()?;
            Some(((reached.preemptions, schedule.0.len(), &outcome.text), (outcome, schedule)))
        });
        followed.min_by(|(one, _), (other, _)| one.cmp(other)).map(|(_, found)| found)
    }

    fn how_often(&self, graph: &Graph, outcome: &Outcome) -> String {
        let count = self.reached(outcome).schedules.as_deref();
        let many = count.map_or("Some".to_owned(), grouped);
        let what = match self.total(graph) {
            Some(1) => "its one way to run ends in".to_owned(),
            Some(all) => match (&*many, grouped(&all.to_string())) {
                (many, all) if many == all => "however it is run, it ends in".to_owned(),
                ("1", all) => format!("1 of {all} ways to run it ends in"),
                (many, all) => format!("{many} of {all} ways to run it end in"),
            },
            None => "it can end in".to_owned(),
        };
        let wanted = self.scenario.good.join(" or ");
        format!("{what} {}; what is wanted is {wanted}.", outcome.text)
    }

    fn passed(&self, graph: &Graph) -> String {
        let ways = match self.total(graph) {
            Some(1) => "its one way to run is right".into(),
            Some(all) => format!("all {} ways to run are right", grouped(&all.to_string())),
            None => "right in all its ways to run, of which there is no end".into(),
        };
        let must: Vec<_> = self.must.iter().map(|(outcome, _)| format!("“{outcome}”")).collect();
        let found = match must.is_empty() {
            true => String::new(),
            false => format!(", and can end in {}", must.join(" and in ")),
        };
        format!("{}: {ways}{found}", self.scenario.title)
    }

    /// How many schedules there are, if there is an end of them.
    fn total(&self, graph: &Graph) -> Option<u128> {
        let counts = graph.outcomes.iter().map(|outcome| {
            let digits = self.reached(outcome).schedules.as_deref()?;
            digits.parse::<u128>().ok()
        });
        counts.sum()
    }
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
