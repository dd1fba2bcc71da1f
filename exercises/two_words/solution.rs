//! Two numbers that a timeline tells.

/// A job had a core from one time on, up to another.
pub type Turn = (u32, u32);

/// The most jobs that were under way in one instant.
pub fn concurrent(jobs: &[Vec<Turn>]) -> usize {
    // A life is one long span, with or without a core.
    let lives = jobs.iter().filter_map(|turns| Some((turns.first()?.0, turns.last()?.1)));
    most_at_an_instant(&lives.collect::<Vec<_>>())
}

/// The most jobs that had a core in one instant.
pub fn parallel(jobs: &[Vec<Turn>]) -> usize {
    most_at_an_instant(&jobs.concat())
}

/// There are never more at an instant than when one of them has just begun.
fn most_at_an_instant(spans: &[Turn]) -> usize {
    let at = |time| spans.iter().filter(|(from, to)| (*from..*to).contains(&time)).count();
    spans.iter().map(|&(from, _)| at(from)).max().unwrap_or(0)
}
