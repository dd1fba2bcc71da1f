//! What makes an answer right.

use interleave::{Scenario, Source};

/// When an answer is right: in every schedule of every case.
#[derive(Clone, Copy, Debug)]
pub struct Check {
    /// What the starter is refused for: a case and an outcome.
    pub starter: (&'static str, &'static str),
    /// In the order in which they are tried; the first that fails is told.
    pub cases: &'static [Case],
    /// What the task rules out: a text that the code may not have, and why.
    pub without: &'static [(&'static str, &'static str)],
}

/// One thing that an answer is held to.
#[derive(Clone, Copy, Debug)]
pub enum Case {
    /// A small program that runs the answer, under every schedule.
    Explored {
        /// Its good outcomes are all that an answer may end in.
        scenario: Scenario,
        /// Outcomes that must be possible, and what to say if one is not: a
        /// program that does nothing at once has no races either.
        must: &'static [(&'static str, &'static str)],
        /// For what an answer may end in instead; the first that fits is given.
        hints: &'static [Hint],
    },
    /// A race against other code.
    Timed(Race),
    /// A run for real.
    Once(Once),
}

/// The answer's job against the same job done by the check, in turn. What is
/// compared is processor time: it does not depend on how many cores there are,
/// nor on what else the machine does.
#[derive(Clone, Copy, Debug)]
pub struct Race {
    /// As a command line names it.
    pub name: &'static str,
    /// In a few words.
    pub title: &'static str,
    /// Whether the answer's result is right; if not, in what it is wrong.
    pub right: fn() -> Result<(), String>,
    /// Does the job by the answer's code.
    pub answer: fn(),
    /// Does it by the check's own.
    pub other: fn(),
    /// The answer may take so many times the other's processor time.
    pub most: f64,
    /// The share of it that the calling thread may compute itself: of an answer
    /// that is to use several threads, not all.
    pub most_by_caller: f64,
    /// For `too slow`, `one thread`, `wrong result` and `panic`.
    pub hints: &'static [Hint],
}

/// The answer run once, with the real std and the system's own processes, in a
/// process of its own that is ended with all that it started.
#[derive(Clone, Copy, Debug)]
pub struct Once {
    /// As a command line names it.
    pub name: &'static str,
    /// In a few words.
    pub title: &'static str,
    /// Runs the answer and says how that ended, in a few words: always the same
    /// ones, whatever the schedule and the load of the machine.
    pub run: fn() -> String,
    /// The good ways to end.
    pub good: &'static [&'static str],
    /// For what it may end in instead. What the run does not say itself is
    /// `panic: …`, `killed by SIGSEGV`, `exited with 1`, and `waits for ever`
    /// if for a second everybody in it slept.
    pub hints: &'static [Hint],
}

/// What helps on, without the solution.
#[derive(Clone, Copy, Debug)]
pub struct Hint {
    outcome: &'static str,
    when: &'static str,
    text: &'static str,
}

impl Hint {
    /// For an outcome, or for all that have this text before a colon, as every
    /// panic has; the empty text is any outcome.
    pub const fn on(outcome: &'static str, text: &'static str) -> Hint {
        Hint { outcome, when: "", text }
    }

    /// Only for an answer whose code has this in it.
    pub const fn when(self, when: &'static str) -> Hint {
        Hint { when, ..self }
    }

    /// The first of `hints` that fits.
    pub(crate) fn find(hints: &[Hint], outcome: &str, code: &str) -> Option<&'static str> {
        let fits = |hint: &&Hint| {
            let rest = outcome.strip_prefix(hint.outcome);
            let meant = hint.outcome.is_empty()
                || rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(':'));
            meant && code.contains(hint.when)
        };
        hints.iter().find(fits).map(|hint| hint.text)
    }
}

/// A file of an exercise, compiled together with its check.
#[derive(Clone, Copy, Debug)]
pub struct Attempt {
    /// The exercise's folder.
    pub exercise: &'static str,
    /// From there: `starter.rs`, `wrong/two_locks.rs`.
    pub file: &'static str,
    /// What it is held to.
    pub check: &'static Check,
    /// The file, then the check.
    pub sources: &'static [Source],
}

impl Attempt {
    /// The code without its comments, and so without what they speak of.
    pub fn code(&self) -> String {
        let lines = self.sources[0].text.lines();
        let lines = lines.map(|line| line.split("//").next().unwrap_or_default().trim_end());
        lines.collect::<Vec<_>>().join("\n")
    }
}
