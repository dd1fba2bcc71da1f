//! Refused in in_a_row: concurrent 2, parallel 2
//! Hint: One ends at 3

/// A job had a core from one time on, up to another.
pub type Turn = (u32, u32);

/// The most jobs that were under way in one instant.
pub fn concurrent(jobs: &[Vec<Turn>]) -> usize {
    let lives: Vec<Turn> =
        jobs.iter().map(|turns| (turns[0].0, turns[turns.len() - 1].1)).collect();
    most(&lives)
}

/// The most jobs that had a core in one instant.
pub fn parallel(jobs: &[Vec<Turn>]) -> usize {
    most(&jobs.concat())
}

fn most(spans: &[Turn]) -> usize {
    let at = |time| spans.iter().filter(|(from, to)| (*from..=*to).contains(&time)).count();
    spans.iter().map(|&(from, _)| at(from)).max().unwrap_or(0)
}
