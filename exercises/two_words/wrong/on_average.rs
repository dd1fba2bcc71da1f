//! Refused in two_cores: concurrent 4, parallel 0
//! Hint: Time on all cores divided by

/// A job had a core from one time on, up to another.
pub type Turn = (u32, u32);

/// The most jobs that were under way in one instant.
pub fn concurrent(jobs: &[Vec<Turn>]) -> usize {
    let lives = || jobs.iter().map(|turns| (turns[0].0, turns[turns.len() - 1].1));
    let at = |time| lives().filter(|(from, to)| (*from..*to).contains(&time)).count();
    lives().map(|(from, _)| at(from)).max().unwrap_or(0)
}

/// The most jobs that had a core in one instant.
pub fn parallel(jobs: &[Vec<Turn>]) -> usize {
    let turns = jobs.concat();
    let computed: u32 = turns.iter().map(|(from, to)| to - from).sum();
    let began = turns.iter().map(|turn| turn.0).min().unwrap_or(0);
    let ended = turns.iter().map(|turn| turn.1).max().unwrap_or(1);
    (computed / (ended - began)) as usize
}
