//! The calls that both pools answer.

use crate::future::{Future, Outcome};
use crate::job::Job;

// ANCHOR: executor
/// Somebody who does jobs elsewhere. Dropping it lets the workers finish what
/// was submitted, and waits for them.
pub trait Executor {
    /// Puts a job in line, and returns at once.
    fn submit(&self, job: Job) -> Future;

    /// The outcomes of all jobs, in the order of the jobs.
    fn map(&self, jobs: &[Job]) -> Vec<Outcome> {
        let futures: Vec<_> = jobs.iter().map(|job| self.submit(*job)).collect();
        futures.iter().map(Future::result).collect()
    }
}
// ANCHOR_END: executor
