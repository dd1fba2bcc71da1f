//! What is claimed of one job, decided from what its day left behind.

use queue::broker::{Order, seconds};
use queue::day::Day;
use queue::jobs::{Job, Try};

use crate::kinds::{self, TWICE};

/// Whether a claim holds of a job.
pub type Holds = fn(&Day, &Order) -> bool;

fn tries<'d>(day: &'d Day, order: &Order) -> impl Iterator<Item = &'d Try> {
    let id = order.id.to_string();
    day.tries.iter().filter(move |a_try| a_try.id == id)
}

fn numbers(day: &Day, order: &Order) -> Vec<usize> {
    tries(day, order).map(|a_try| a_try.number).collect()
}

fn done(day: &Day, order: &Order) -> bool {
    matches!(day.results[&order.id], Some(Ok(_)))
}

/// The cause with which it was listed as failed.
fn listed<'d>(day: &'d Day, order: &Order) -> Option<&'d str> {
    day.failed.iter().find(|failed| failed.id == order.id).map(|failed| failed.cause.as_str())
}

pub fn accounted_for(day: &Day, order: &Order) -> bool {
    done(day, order) || listed(day, order).is_some()
}

pub fn read_back(day: &Day, order: &Order) -> bool {
    let expected = match &order.payload {
        Ok(Job::Letter { to }) => format!("delivered to {to}"),
        Ok(Job::Thumbnail { of }) => format!("thumbnail of {of}"),
        Ok(Job::Report { period }) => format!("report of {period}"),
        _ => return false,
    };
    day.results[&order.id] == Some(Ok(expected))
}

pub fn done_on_the_third(day: &Day, order: &Order) -> bool {
    numbers(day, order) == [1, 2, 3] && done(day, order)
}

pub fn in_its_own_queue(day: &Day, order: &Order) -> bool {
    tries(day, order).all(|a_try| a_try.queue == order.queue)
}

pub fn not_before_its_time(day: &Day, order: &Order) -> bool {
    let due = order.due.unwrap_or(u64::MAX);
    done(day, order) && tries(day, order).all(|a_try| seconds(a_try.began) >= due)
}

/// Of all the orders with its key one was carried out, and once.
pub fn done_once(day: &Day, order: &Order) -> bool {
    let same = || day.accepted.iter().filter(|other| other.once == order.once);
    let tried: usize = same().map(|order| tries(day, order).count()).sum();
    tried == 1 && same().filter(|order| done(day, order)).count() == 1
}

pub fn listed_and_put_back(day: &Day, order: &Order) -> bool {
    listed(day, order) == Some("the mail server knows no such box")
        && day.put_back.contains(&order.id)
        && numbers(day, order) == [1, 2, 3, 1]
        && done(day, order)
}

pub fn given_up(day: &Day, order: &Order) -> bool {
    let (cause, tried) = match &order.payload {
        Ok(_) => ("given up after", 3),
        Err(_) => ("cannot be read", 1),
    };
    listed(day, order).is_some_and(|told| told.starts_with(cause))
        && numbers(day, order).len() == tried
        && day.board.iter().any(|(queue, counts)| *queue == order.queue && counts.done > 0)
}

/// How long after one try the next one came.
pub fn gaps(day: &Day) -> String {
    let tries = kinds::tries(day, TWICE);
    let gaps =
        tries.windows(2).map(|pair| format!("{:.1} s", kinds::since(pair[0].ended, pair[1].began)));
    gaps.collect::<Vec<_>>().join(", then ")
}
