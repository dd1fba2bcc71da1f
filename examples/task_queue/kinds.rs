//! What becomes of the jobs of each kind.

use std::collections::HashSet;
use std::time::SystemTime;

use queue::broker::Order;
use queue::day::Day;
use queue::jobs::{Job, Try};
use taking_turns::{Lane, State};

pub const LETTER: &str = "letters";
pub const THUMBNAIL: &str = "thumbnails";
pub const REPORT: &str = "reports";
pub const TWICE: &str = "fails twice";
pub const CLOSED: &str = "no such box";
pub const ENDLESS: &str = "never ends";
pub const UNREADABLE: &str = "unreadable";
pub const DELAYED: &str = "delayed";
pub const PERIODIC: &str = "periodic";

pub const ALL: &[&str] =
    &[LETTER, THUMBNAIL, REPORT, TWICE, CLOSED, ENDLESS, UNREADABLE, DELAYED, PERIODIC];

fn kind(order: &Order) -> &'static str {
    match &order.payload {
        Err(_) => UNREADABLE,
        Ok(Job::Letter { to }) if to.starts_with("twice@") => TWICE,
        Ok(Job::Letter { to }) if to.starts_with("closed@") => CLOSED,
        Ok(Job::Letter { .. }) => LETTER,
        Ok(Job::Thumbnail { .. }) => THUMBNAIL,
        Ok(Job::Endless) => ENDLESS,
        Ok(Job::Report { .. }) if order.due.is_some() => DELAYED,
        Ok(Job::Report { .. }) if order.once.is_some() => PERIODIC,
        Ok(Job::Report { .. }) => REPORT,
    }
}

/// The orders of some kinds.
pub fn of<'d>(day: &'d Day, kinds: &'d [&str]) -> impl Iterator<Item = &'d Order> {
    day.accepted.iter().filter(|order| kinds.contains(&kind(order)))
}

/// The tries at the jobs of one kind.
pub fn tries<'d>(day: &'d Day, kind: &str) -> Vec<&'d Try> {
    let ids: HashSet<String> = of(day, &[kind]).map(|order| order.id.to_string()).collect();
    day.tries.iter().filter(|a_try| ids.contains(&a_try.id)).collect()
}

/// Seconds.
pub fn since(began: SystemTime, time: SystemTime) -> f64 {
    time.duration_since(began).map_or(0.0, |since| since.as_secs_f64())
}

/// A lane for each job of which there is one: its tries, and between them the
/// wait for the next.
pub fn lanes(day: &Day) -> Vec<Lane> {
    let lane = |&of: &&'static str| {
        let (mut spans, mut from) = (Vec::new(), 0.0);
        for a_try in tries(day, of) {
            let [began, ended] = [a_try.began, a_try.ended].map(|time| since(day.began, time));
            spans.push((from, began, State::Waiting));
            spans.push((began, ended, State::Running));
            from = ended;
        }
        Lane { variant: of.to_owned(), name: "job".to_owned(), spans }
    };
    [TWICE, CLOSED, ENDLESS, DELAYED].iter().map(lane).collect()
}
