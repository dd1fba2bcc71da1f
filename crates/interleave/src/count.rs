//! Schedules are counted as paths, never enumerated.

use crate::circle::LIVELOCK;
use crate::graph::{Edge, Graph, Reached, Reading};
use crate::schedule::Schedule;

/// For each state and outcome, how many schedules lead from there to it; no
/// count goes beyond `u128::MAX`.
///
/// Under the cooperative reading what can follow depends on whose turn it was,
/// so a row belongs to a state and the thread that went last, if any.
#[derive(Debug)]
pub struct Counts {
    rows: Vec<Vec<u128>>,
    lasts: usize,
    reading: Reading,
}

impl Counts {
    /// Counts; `None` if the program can go in circles, for then there is no
    /// end to its schedules.
    pub fn of(graph: &Graph, reading: Reading) -> Option<Counts> {
        let order = order(graph);
        if graph.goes_round() {
            return None;
        }
        let lasts = match reading {
            Reading::Preemptive => 1,
            Reading::Cooperative => graph.threads.len() + 1,
        };
        let mut counts = Counts {
            rows: vec![vec![0; graph.outcomes.len()]; graph.states.len() * lasts],
            lasts,
            reading,
        };
        for &(state, outcome) in &graph.ends {
            for last in 0..lasts {
                counts.rows[state * lasts + last][outcome] = 1;
            }
        }
        for state in order {
            for last in 0..lasts {
                let last_thread = last.checked_sub(1);
                let mut sum = ::std::mem::take(&mut counts.rows[state * lasts + last]);
                for edge in &graph.edges[state] {
                    if allowed(graph, reading, state, last_thread, edge.turn().thread) {
                        let row = counts.from(edge.to(), Some(edge.turn().thread));
                        sum.iter_mut()
                            .zip(row)
                            .for_each(|(sum, more)| *sum = sum.saturating_add(*more));
                    }
                }
                counts.rows[state * lasts + last] = sum;
            }
        }
        Some(counts)
    }

    /// From `state`, with `last` having gone last: schedules by outcome.
    pub fn from(&self, state: usize, last: Option<usize>) -> &[u128] {
        let last = match self.reading {
            Reading::Preemptive => 0,
            Reading::Cooperative => last.map_or(0, |thread| thread + 1),
        };
        &self.rows[state * self.lasts + last]
    }
}

/// Whether `thread` may go next under `reading`.
pub fn allowed(
    graph: &Graph,
    reading: Reading,
    state: usize,
    last: Option<usize>,
    thread: usize,
) -> bool {
    match (reading, last) {
        (Reading::Cooperative, Some(last)) => last == thread || !graph.preempts(state, last),
        _ => true,
    }
}

/// States such that each comes after all that follow it, circles aside.
fn order(graph: &Graph) -> Vec<usize> {
    let mut order = Vec::with_capacity(graph.states.len());
    let mut entered = vec![false; graph.states.len()];
    let mut path = vec![(0, 0)];
    entered[0] = true;
    while let Some((state, nth)) = path.last_mut() {
        match graph.edges[*state].get(*nth) {
            None => {
                order.push(*state);
                path.pop();
            }
            Some(edge) => {
                *nth += 1;
                if !::std::mem::replace(&mut entered[edge.to()], true) {
                    path.push((edge.to(), 0));
                }
            }
        }
    }
    order
}

/// What a schedule costs, the more important first.
type Cost = [u32; 3];

/// The cheapest ways from every state to one outcome.
///
/// A row belongs to a state and the thread that went last, as in [`Counts`].
struct Ways<'a> {
    graph: &'a Graph,
    reading: Reading,
    /// Whether steps cost more than preemptions.
    steps_first: bool,
    costs: Vec<Option<Cost>>,
}

impl<'a> Ways<'a> {
    fn to(graph: &'a Graph, reading: Reading, steps_first: bool, outcome: usize) -> Self {
        let lasts = graph.threads.len() + 1;
        let mut ways =
            Ways { graph, reading, steps_first, costs: vec![None; graph.states.len() * lasts] };
        let ends = graph.ends.iter().filter(|end| end.1 == outcome).map(|end| end.0);
        let livelock = graph.outcomes[outcome].text == LIVELOCK;
        let circles = graph.circles.iter().flatten().copied().filter(|_| livelock);
        for state in ends.chain(circles) {
            ways.costs[state * lasts..][..lasts].fill(Some([0; 3]));
        }
        // States are numbered by distance from the first, so that most steps
        // lead to a greater number and few rounds are needed.
        let mut changed = true;
        while ::std::mem::take(&mut changed) {
            for row in (0..ways.costs.len()).rev() {
                let (state, last) = (row / lasts, (row % lasts).checked_sub(1));
                let best = ways.best(state, last).map(|(cost, _)| cost);
                if best.is_some() && (ways.costs[row].is_none() || best < ways.costs[row]) {
                    ways.costs[row] = best;
                    changed = true;
                }
            }
        }
        ways
    }

    fn cost(&self, state: usize, last: Option<usize>) -> Option<Cost> {
        self.costs[state * (self.graph.threads.len() + 1) + last.map_or(0, |thread| thread + 1)]
    }

    /// The cheapest step, the first of several.
    fn best(&self, state: usize, last: Option<usize>) -> Option<(Cost, &'a Edge)> {
        let allowed =
            |edge: &&Edge| allowed(self.graph, self.reading, state, last, edge.turn().thread);
        let costs = self.graph.edges[state].iter().filter(allowed).filter_map(|edge| {
            let thread = edge.turn().thread;
            let rest = self.cost(edge.to(), Some(thread))?;
            let switches = last.is_some_and(|last| last != thread);
            let preempts = switches && last.is_some_and(|last| self.graph.preempts(state, last));
            let (preempts, switches) = (u32::from(preempts), u32::from(switches));
            let step =
                if self.steps_first { [1, preempts, switches] } else { [preempts, switches, 1] };
            Some((::std::array::from_fn(|part| rest[part] + step[part]), edge))
        });
        costs.min_by_key(|&(cost, _)| cost)
    }

    fn cheapest(&self) -> Option<(Cost, Schedule)> {
        let cost = self.cost(0, None)?;
        let (mut turns, mut state, mut last) = (vec![], 0, None);
        while self.cost(state, last) != Some([0; 3])
            && let Some((_, edge)) = self.best(state, last)
        {
            turns.push(edge.turn());
            (state, last) = (edge.to(), Some(edge.turn().thread));
        }
        Some((cost, Schedule(turns)))
    }
}

impl Graph {
    /// Fills in how each outcome is reached, under both readings.
    pub(crate) fn measure(&mut self) {
        for reading in [Reading::Preemptive, Reading::Cooperative] {
            let counts = Counts::of(self, reading);
            for outcome in 0..self.outcomes.len() {
                let shortest = Ways::to(self, reading, true, outcome).cheapest();
                let gentlest = match reading {
                    Reading::Preemptive => Ways::to(self, reading, false, outcome).cheapest(),
                    Reading::Cooperative => None,
                };
                let reached = Reached {
                    schedules: counts
                        .as_ref()
                        .map(|counts| counts.from(0, None)[outcome].to_string()),
                    shortest: shortest.map(|(_, schedule)| schedule.to_string()),
                    preemptions: gentlest.as_ref().map(|(cost, _)| cost[0]),
                    gentlest: gentlest.map(|(_, schedule)| schedule.to_string()),
                };
                match reading {
                    Reading::Preemptive => self.outcomes[outcome].preemptive = reached,
                    Reading::Cooperative => self.outcomes[outcome].cooperative = reached,
                }
            }
        }
    }
}
