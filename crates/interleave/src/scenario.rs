//! Scenarios: what to explore, and what to call it.

use crate::explorer::Explorer;
use crate::fault::Error;
use crate::graph::{Goal, Graph, Reading};
use crate::memory::Memory;
use crate::names::Source;
use crate::picture::Picture;

/// A small program to run under every schedule, and what to make of its ends.
#[derive(Clone, Copy, Debug)]
pub struct Scenario {
    /// As a command line or a directive names it.
    pub name: &'static str,
    /// In a few words.
    pub title: &'static str,
    /// What the reader is asked to reach: an outcome, and what that is in words.
    pub goal: (&'static str, &'static str),
    /// The outcomes that are wanted.
    pub good: &'static [&'static str],
    /// The outcomes that are not wanted and happen.
    pub bad: &'static [&'static str],
    /// What its threads are called: `thread`, `philosopher`, `task`.
    pub worker: &'static str,
    /// What loads may return.
    pub memory: Memory,
    /// The reading to begin with.
    pub reading: Reading,
    /// The most states it may have.
    pub limit: usize,
    /// Builds the shared values, starts the threads, returns the outcome.
    pub run: fn() -> String,
}

impl Scenario {
    /// A scenario with no name yet, preemptive, interleaved, within 3 000 states.
    pub const fn of(run: fn() -> String) -> Self {
        Scenario {
            name: "",
            title: "",
            goal: ("", ""),
            good: &[],
            bad: &[],
            worker: "thread",
            memory: Memory::Interleaved,
            reading: Reading::Preemptive,
            limit: 3_000,
            run,
        }
    }

    /// Runs the program under every schedule.
    ///
    /// # Errors
    /// If it has more states than allowed, if it depends on something other
    /// than its schedule, if a source is not Rust, or if it ends in a way
    /// that is neither among the good nor the bad (when any are declared).
    pub fn explore(&self, sources: &[Source]) -> Result<Graph, Error> {
        self.explore_run(sources, &self.run)
    }

    /// The same, running `run` in place of the scenario's own program.
    ///
    /// # Errors
    /// As [`explore`](Self::explore).
    pub fn explore_run(
        &self,
        sources: &[Source],
        run: &dyn Fn() -> String,
    ) -> Result<Graph, Error> {
        let graph = self.graph(sources, run)?;
        let declared = !(self.good.is_empty() && self.bad.is_empty());
        for outcome in &graph.outcomes {
            let known = outcome.good || self.bad.contains(&outcome.text.as_str());
            if declared && !known {
                return Err(Error::Undeclared { outcome: outcome.text.clone() });
            }
        }
        Ok(graph)
    }

    /// Runs the program under every schedule, whatever comes of it: what is
    /// not among the good outcomes is bad.
    ///
    /// # Errors
    /// As [`explore`](Self::explore), but for its last reason.
    pub fn explore_open(&self, sources: &[Source]) -> Result<Graph, Error> {
        self.graph(sources, &self.run)
    }

    fn graph(&self, sources: &[Source], run: &dyn Fn() -> String) -> Result<Graph, Error> {
        let found = Explorer::new(run, self.limit).explore(self.memory)?;
        let mut graph = Picture::of(self, sources, found)?.graph();
        graph.find_circles();
        graph.measure();
        Ok(graph)
    }

    pub(crate) fn goal(&self) -> Goal {
        Goal { outcome: self.goal.0.into(), text: self.goal.1.into() }
    }
}
