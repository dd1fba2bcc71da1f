//! Refused in one_core: concurrent 3, parallel 3
//! Hint: They were under way all three

/// A job had a core from one time on, up to another.
pub type Turn = (u32, u32);

/// The most jobs that were under way in one instant.
pub fn concurrent(jobs: &[Vec<Turn>]) -> usize {
    let lives: Vec<Turn> =
        jobs.iter().map(|turns| (turns[0].0, turns[turns.len() - 1].1)).collect();
    let at = |time| lives.iter().filter(|(from, to)| (*from..*to).contains(&time)).count();
    lives.iter().map(|&(from, _)| at(from)).max().unwrap_or(0)
}

/// The most jobs that had a core in one instant.
pub fn parallel(jobs: &[Vec<Turn>]) -> usize {
    concurrent(jobs)
}
