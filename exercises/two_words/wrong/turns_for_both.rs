//! Refused in one_core: concurrent 1, parallel 1
//! Hint: A job that waits for its turn

/// A job had a core from one time on, up to another.
pub type Turn = (u32, u32);

/// The most jobs that were under way in one instant.
pub fn concurrent(jobs: &[Vec<Turn>]) -> usize {
    parallel(jobs)
}

/// The most jobs that had a core in one instant.
pub fn parallel(jobs: &[Vec<Turn>]) -> usize {
    let turns = jobs.concat();
    let at = |time| turns.iter().filter(|(from, to)| (*from..*to).contains(&time)).count();
    turns.iter().map(|&(from, _)| at(from)).max().unwrap_or(0)
}
