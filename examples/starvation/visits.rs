//! What the visits of a rush come to: waits, passes, and a picture.

use std::time::{Duration, Instant};

use starvation::rush::Visit;
use taking_turns::{Lane, State};

/// What of a rush is drawn.
const DRAWN: Duration = Duration::from_millis(5);
/// A thread that is in within this has not waited.
const AT_ONCE: Duration = Duration::from_micros(10);

/// Of all visits, from asking to getting in.
pub fn longest_wait(threads: &[Vec<Visit>]) -> Duration {
    let waits = threads.iter().flatten().map(|visit| visit.got_in - visit.asked);
    waits.max().unwrap_or_default()
}

/// The most visits that others made while one thread waited.
pub fn most_passed(threads: &[Vec<Visit>]) -> u64 {
    let mut visits: Vec<_> = threads.iter().flatten().collect();
    visits.sort_by_key(|visit| visit.before);
    let begun_by = |moment| visits.partition_point(|visit| visit.got_in < moment) as u64;
    visits.iter().map(|visit| visit.before - begun_by(visit.asked)).max().unwrap_or(0)
}

/// Who was inside and who waited, for a moment from `since`.
pub fn lanes(variant: &str, since: Instant, threads: &[Vec<Visit>]) -> Vec<Lane> {
    let until = since + DRAWN;
    let time = |moment: Instant| moment.clamp(since, until).duration_since(since).as_secs_f64();
    let lane = |(visits, number): (&Vec<Visit>, usize)| {
        let mut spans: Vec<(f64, f64, State)> = Vec::new();
        for visit in visits.iter().filter(|visit| visit.asked < until && visit.left > since) {
            let waited = visit.got_in - visit.asked > AT_ONCE;
            if waited && visit.got_in > since {
                spans.push((time(visit.asked), time(visit.got_in), State::Blocked));
            }
            let (from, to) = (time(visit.got_in), time(visit.left));
            match spans.last_mut() {
                Some(span) if !waited && span.2 == State::Running => span.1 = to,
                _ if to > from => spans.push((from, to, State::Running)),
                _ => {}
            }
        }
        Lane { variant: variant.to_owned(), name: number.to_string(), spans }
    };
    threads.iter().zip(1..).map(lane).collect()
}
