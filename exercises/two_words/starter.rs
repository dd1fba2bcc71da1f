//! Two numbers that a timeline tells.

/// A job had a core from one time on, up to another.
pub type Turn = (u32, u32);

/// The most jobs that were under way in one instant.
pub fn concurrent(jobs: &[Vec<Turn>]) -> usize {
    jobs.len()
}

/// The most jobs that had a core in one instant.
pub fn parallel(jobs: &[Vec<Turn>]) -> usize {
    jobs.len()
}
