//! Holds the exercises themselves to what they promise: the starter fails for
//! its stated reason, the solution passes, and each wrong answer is refused
//! with the right hint.

use std::collections::BTreeMap;

use crate::check::Attempt;
use crate::grade::grade;

/// So many wrong answers at least does each exercise know.
const WRONG: usize = 3;

/// What is not as it should be with `attempts`, a line each.
///
/// A wrong answer says in its first lines what it must meet:
///
/// ```text
/// //! Refused in two_threads: deadlock
/// //! Hint: the beginning of the hint
/// ```
pub fn examine(attempts: &[Attempt]) -> Vec<String> {
    let mut faults = Vec::new();
    let mut wrong: BTreeMap<&str, usize> = BTreeMap::new();
    for attempt in attempts {
        let verdict = grade(attempt);
        let name = format!("exercises/{}/{}", attempt.exercise, attempt.file);
        let met = verdict.refusal.as_ref().map(|refusal| (refusal.case, refusal.outcome.as_str()));
        let hint = verdict.refusal.as_ref().and_then(|refusal| refusal.hint.clone());
        let hint = hint.unwrap_or_default();
        let known = wrong.entry(attempt.exercise).or_default();
        let (expected, expected_hint) = match attempt.file {
            "solution.rs" => (None, ""),
            "starter.rs" => (Some(attempt.check.starter), ""),
            _ => {
                *known += 1;
                let mut lines = attempt.sources[0].text.lines();
                let refused = lines.next().and_then(|line| line.strip_prefix("//! Refused"));
                let refused = refused.and_then(|line| line.split_once(':'));
                let hint = lines.next().and_then(|line| line.strip_prefix("//! Hint: "));
                let (Some((case, outcome)), Some(hint)) = (refused, hint) else {
                    faults.push(format!("{name} does not say what it must meet"));
                    continue;
                };
                let case = case.strip_prefix(" in ").unwrap_or_default();
                (Some((case, outcome.trim())), hint)
            }
        };
        if met != expected {
            faults.push(format!("{name} meets {met:?}, where {expected:?} is expected"));
        } else if expected.is_some() && hint.is_empty() {
            faults.push(format!("{name} is refused without a hint"));
        } else if !hint.starts_with(expected_hint) {
            faults.push(format!("{name} is given the hint “{hint}”"));
        }
    }
    let few = wrong.iter().filter(|(_, known)| **known < WRONG);
    faults.extend(few.map(|(name, known)| format!("{name} has {known} wrong answers")));
    faults
}
