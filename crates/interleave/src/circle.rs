//! Circles: states that a program can come back to, for ever.

use crate::graph::{Graph, Outcome, Reached};

/// The outcome of going round for ever though nobody is treated unfairly.
pub(crate) const LIVELOCK: &str = "livelock";

impl Graph {
    /// Fills in the circles in which threads can go round for ever under a
    /// fair scheduler, and the outcome that stands for them.
    ///
    /// A circle is fair if no thread could go on in all of its states and yet
    /// never does.
    pub(crate) fn find_circles(&mut self) {
        let components = self.components();
        self.circles = components.into_iter().filter(|states| self.is_fair(states)).collect();
        self.circles.sort();
        let known = self.outcomes.iter().any(|outcome| outcome.text == LIVELOCK);
        if !self.circles.is_empty() && !known {
            self.outcomes.push(Outcome {
                text: LIVELOCK.into(),
                good: false,
                preemptive: Reached::default(),
                cooperative: Reached::default(),
            });
        }
    }

    /// Whether some states can be come back to, fairly or not.
    pub(crate) fn goes_round(&self) -> bool {
        !self.components().is_empty()
    }

    fn is_fair(&self, states: &[usize]) -> bool {
        (0..self.threads.len()).all(|thread| {
            let waits = states.iter().any(|&state| !self.can_go(state, thread));
            let moves = || {
                let edges = states.iter().flat_map(|&state| &self.edges[state]);
                edges.into_iter().any(|edge| {
                    edge.turn().thread == thread && states.binary_search(&edge.to()).is_ok()
                })
            };
            waits || moves()
        })
    }

    /// The strongly connected parts of the graph that have a circle in them,
    /// by Tarjan's algorithm, without recursion.
    fn components(&self) -> Vec<Vec<usize>> {
        const UNSEEN: usize = usize::MAX;
        let mut number = vec![UNSEEN; self.states.len()];
        let mut lowest = number.clone();
        let mut on_stack = vec![false; self.states.len()];
        let (mut stack, mut found, mut next) = (vec![], vec![], 0);
        let mut path = vec![(0, 0)];
        while let Some((state, nth)) = path.last_mut() {
            let (state, edge) = (*state, self.edges[*state].get(*nth));
            if *nth == 0 {
                number[state] = next;
                lowest[state] = next;
                next += 1;
                stack.push(state);
                on_stack[state] = true;
            }
            *nth += 1;
            if let Some(to) = edge.map(|edge| edge.to()) {
                if number[to] == UNSEEN {
                    path.push((to, 0));
                } else if on_stack[to] {
                    lowest[state] = lowest[state].min(number[to]);
                }
                continue;
            }
            path.pop();
            if let Some(&(before, _)) = path.last() {
                lowest[before] = lowest[before].min(lowest[state]);
            }
            if lowest[state] == number[state] {
                let start = stack.iter().rposition(|&other| other == state).expect("on the stack");
                let mut component = stack.split_off(start);
                component.iter().for_each(|&state| on_stack[state] = false);
                component.sort_unstable();
                let itself = self.edges[state].iter().any(|edge| edge.to() == state);
                if component.len() > 1 || itself {
                    found.push(component);
                }
            }
        }
        found
    }
}
