//! Refused in one_long: concurrent 4, parallel 4
//! Hint: The long job meets each

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

/// With how many others a span has time in common, and itself.
fn most(spans: &[Turn]) -> usize {
    let meeting =
        |one: &Turn| spans.iter().filter(|other| one.0 < other.1 && other.0 < one.1).count();
    spans.iter().map(meeting).max().unwrap_or(0)
}
