//! The graph of a scenario: all that leaves the explorer.
//!
//! It is written as JSON and read back as it stands; `graph.schema.json` in
//! this crate says what each field means. Indexes are positions in the
//! graph's own tables.

use ::std::fmt;

use serde::{Deserialize, Serialize};

use crate::memory::Memory;
use crate::schedule::{Schedule, Turn};

/// The version of the JSON form.
pub const SCHEMA: u32 = 1;

/// The graphs of all scenarios of one experiment, as in `schedules.json`.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Schedules {
    /// [`SCHEMA`].
    pub schema: u32,
    /// The experiment's name.
    pub experiment: String,
    /// What was explored.
    pub source: Sources,
    /// In the order in which they are declared.
    pub scenarios: Vec<Graph>,
}

/// The files that were explored.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sources {
    /// `sha256:` and 64 hexadecimal digits, over the files in order: of each
    /// its name, a zero byte, its text, a zero byte.
    pub hash: String,
    /// In the order in which positions refer to them.
    pub files: Vec<File>,
}

/// A file that was explored.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct File {
    /// As in `counter.rs`.
    pub name: String,
    /// Its text, line by line.
    pub lines: Vec<String>,
}

/// What the reader is asked to reach.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Goal {
    /// The outcome that reaches it.
    pub outcome: String,
    /// In words: "lose an update".
    pub text: String,
}

/// Which switches count.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Reading {
    /// A thread can be left before any step.
    Preemptive,
    /// A thread is left when it blocks, stands at an await or a yield, or ends.
    Cooperative,
}

/// A part of a file that is worth showing: whole functions.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub struct Excerpt(
    /// Index of the file.
    pub usize,
    /// First line, from 1.
    pub u32,
    /// Last line.
    pub u32,
);

/// Where a thread can stand.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Position {
    /// What it would do next: "loads counter"; empty when it has ended or has
    /// not been started.
    pub next: String,
    /// File and line of that; absent with an empty `next`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<(usize, u32)>,
    /// Why it cannot: "waits for fork 2, held by philosopher 1".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub blocked: Option<String>,
    /// It stands at an await or a yield.
    #[serde(default, rename = "await", skip_serializing_if = "::std::ops::Not::not")]
    pub at_await: bool,
    /// Its locals: name and value.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub locals: Vec<(String, String)>,
}

/// A step from one state to another.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Edge {
    /// Thread and next state.
    Plain(usize, usize),
    /// Thread, next state, which alternative, and what is special about it.
    Chosen(usize, usize, usize, String),
}

impl Edge {
    /// Whose step it is, and which alternative.
    pub fn turn(&self) -> Turn {
        match *self {
            Edge::Plain(thread, _) => Turn { thread, choice: 0 },
            Edge::Chosen(thread, _, choice, _) => Turn { thread, choice },
        }
    }

    /// The state that it leads to.
    pub fn to(&self) -> usize {
        match *self {
            Edge::Plain(_, to) | Edge::Chosen(_, to, _, _) => to,
        }
    }

    /// What is special about the alternative: "reads 0".
    pub fn note(&self) -> Option<&str> {
        match self {
            Edge::Plain(..) => None,
            Edge::Chosen(_, _, _, note) => Some(note),
        }
    }
}

/// How an outcome is reached under one reading.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reached {
    /// How many schedules end so, in decimal digits; `null` when there is no
    /// end to them, because the program can go in circles.
    pub schedules: Option<String>,
    /// A schedule with the fewest steps; absent when there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shortest: Option<String>,
    /// A schedule with the fewest preemptions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gentlest: Option<String>,
    /// How many preemptions that one has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preemptions: Option<u32>,
}

/// A way for the program to end.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outcome {
    /// What the scenario returned; `deadlock`, `livelock` or `panic: …`.
    pub text: String,
    /// Whether it is what was wanted.
    pub good: bool,
    /// With switches anywhere.
    pub preemptive: Reached,
    /// With switches where a thread waits or ends.
    pub cooperative: Reached,
}

/// Every state of a scenario and every step between them.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Graph {
    /// The scenario's name.
    pub name: String,
    /// In a few words.
    pub title: String,
    /// What to reach.
    pub goal: Goal,
    /// The reading to begin with.
    pub reading: Reading,
    /// What loads may return.
    pub memory: Memory,
    /// What to show of the files.
    pub listing: Vec<Excerpt>,
    /// Names of the threads by number; number 0 starts the others.
    pub threads: Vec<String>,
    /// Names of the shared variables.
    pub variables: Vec<String>,
    /// Values that variables have.
    pub values: Vec<String>,
    /// Places where threads stand.
    pub positions: Vec<Position>,
    /// Each state: an index into `values` for each variable, then an index
    /// into `positions` for each thread. The program begins in state 0.
    pub states: Vec<Vec<usize>>,
    /// The steps out of each state, by thread and alternative.
    pub edges: Vec<Vec<Edge>>,
    /// States without steps, with the index of their outcome.
    pub ends: Vec<(usize, usize)>,
    /// Groups of states among which threads can go round for ever: how
    /// `livelock` comes about.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub circles: Vec<Vec<usize>>,
    /// All ways to end.
    pub outcomes: Vec<Outcome>,
}

/// Why a schedule cannot be followed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Refusal {
    /// The step, from 1.
    pub step: usize,
    /// The turn that was asked for.
    pub turn: Turn,
    /// What is wrong with it.
    pub cause: String,
    /// What could have been done instead.
    pub possible: Vec<Turn>,
}

impl fmt::Display for Refusal {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "step {} is `{}`: {}", self.step, self.turn, self.cause)?;
        match self.possible.len() {
            0 => Ok(()),
            1 => write!(out, "; possible there: {}", self.possible[0]),
            _ => {
                let possible: Vec<String> = self.possible.iter().map(Turn::to_string).collect();
                write!(out, "; possible there: {}", possible.join(", "))
            }
        }
    }
}

impl ::std::error::Error for Refusal {}

impl Graph {
    /// Where `thread` stands in `state`.
    pub fn position(&self, state: usize, thread: usize) -> &Position {
        &self.positions[self.states[state][self.variables.len() + thread]]
    }

    /// The value of `variable` in `state`.
    pub fn value(&self, state: usize, variable: usize) -> &str {
        &self.values[self.states[state][variable]]
    }

    /// The outcome of a state in which nothing can happen.
    pub fn outcome(&self, state: usize) -> Option<&Outcome> {
        let end = self.ends.binary_search_by_key(&state, |end| end.0).ok()?;
        Some(&self.outcomes[self.ends[end].1])
    }

    /// The outcome called `text`.
    pub fn outcome_called(&self, text: &str) -> Option<&Outcome> {
        self.outcomes.iter().find(|outcome| outcome.text == text)
    }

    /// Whether a thread can take a step in `state`.
    pub fn can_go(&self, state: usize, thread: usize) -> bool {
        self.edges[state].iter().any(|edge| edge.turn().thread == thread)
    }

    /// Whether leaving `last` in `state` takes its turn away: it could go on,
    /// and it does not stand at an await.
    pub fn preempts(&self, state: usize, last: usize) -> bool {
        self.can_go(state, last) && !self.position(state, last).at_await
    }

    /// The step of `turn` out of `state`.
    ///
    /// # Errors
    /// If there is none, with the reason; `step` is for the message.
    pub fn follow(&self, state: usize, turn: Turn, step: usize) -> Result<&Edge, Refusal> {
        if let Some(edge) = self.edges[state].iter().find(|edge| edge.turn() == turn) {
            return Ok(edge);
        }
        let cause = if turn.thread >= self.threads.len() {
            "there is no such thread".into()
        } else if self.edges[state].is_empty() {
            let outcome = self.outcome(state).map_or("", |outcome| &outcome.text);
            format!("the program has ended, with `{outcome}`")
        } else if self.can_go(state, turn.thread) {
            format!("{} cannot go that way", self.threads[turn.thread])
        } else {
            let position = self.position(state, turn.thread);
            let name = &self.threads[turn.thread];
            match &position.blocked {
                Some(reason) => format!("{name} {reason}"),
                None if position.next.is_empty() => format!("{name} is not running"),
                None => format!("{name} cannot take a step"),
            }
        };
        let possible = self.edges[state].iter().map(Edge::turn).collect();
        Err(Refusal { step, turn, cause, possible })
    }

    /// The states that `schedule` goes through, from the first on.
    ///
    /// # Errors
    /// If it asks for a step that cannot be taken.
    pub fn replay(&self, schedule: &Schedule) -> Result<Vec<usize>, Refusal> {
        let mut states = vec![0];
        for (index, &turn) in schedule.0.iter().enumerate() {
            let state = states[index];
            states.push(self.follow(state, turn, index + 1)?.to());
        }
        Ok(states)
    }

    /// Checks what reading JSON cannot: that indexes point somewhere, that
    /// each state's steps differ, and that it ends where it has none.
    ///
    /// # Errors
    /// A sentence that says what is wrong.
    pub fn check(&self) -> Result<(), String> {
        let width = self.variables.len() + self.threads.len();
        if self.states.is_empty() || self.edges.len() != self.states.len() {
            return Err(format!(
                "{} states, but {} lists of steps",
                self.states.len(),
                self.edges.len()
            ));
        }
        for (state, row) in self.states.iter().enumerate() {
            let (values, positions) = row.split_at(self.variables.len().min(row.len()));
            let sound = row.len() == width
                && values.iter().all(|&value| value < self.values.len())
                && positions.iter().all(|&position| position < self.positions.len());
            if !sound {
                return Err(format!("state {state} points outside of the tables"));
            }
        }
        for (state, edges) in self.edges.iter().enumerate() {
            let inside = edges.iter().all(|edge| {
                edge.to() < self.states.len() && edge.turn().thread < self.threads.len()
            });
            let ordered = edges.windows(2).all(|pair| pair[0].turn() < pair[1].turn());
            if !inside || !ordered {
                return Err(format!("the steps of state {state} are out of order or lead nowhere"));
            }
        }
        let without_steps = (0..self.states.len()).filter(|&state| self.edges[state].is_empty());
        if !without_steps.eq(self.ends.iter().map(|end| end.0)) {
            return Err("the states without steps are not those that end".into());
        }
        if self.circles.iter().flatten().any(|&state| state >= self.states.len()) {
            return Err("a circle through a state that is not there".into());
        }
        if self.ends.iter().any(|end| end.1 >= self.outcomes.len()) {
            return Err("an end without an outcome".into());
        }
        Ok(())
    }
}
