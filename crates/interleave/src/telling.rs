//! A schedule told in words, each step with its source line, in 80 columns.

use ::std::fmt::Write;

use crate::graph::{Graph, Sources};
use crate::schedule::Schedule;

/// At most `width` characters.
pub fn fitted(text: &str, width: usize) -> String {
    if text.chars().count() <= width {
        return text.into();
    }
    let kept: String = text.chars().take(width.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end())
}

/// A number's digits with a space between groups of three, from five digits on: `66 468 720`.
pub fn grouped(digits: &str) -> String {
    if digits.len() < 5 {
        return digits.into();
    }
    let groups: Vec<&[u8]> = digits.as_bytes().rchunks(3).rev().collect();
    String::from_utf8_lossy(&groups.join(&b' ')).into_owned()
}

/// The source line at a position, without its indentation.
pub fn source_line(sources: &Sources, at: (usize, u32)) -> &str {
    let file = sources.files.get(at.0);
    let line = file.and_then(|file| file.lines.get(at.1 as usize - 1));
    line.map_or("", |line| line.trim())
}

/// What a step changed: shared values, and the locals of the thread.
fn changes(graph: &Graph, before: usize, after: usize, thread: usize) -> Vec<String> {
    let variables = (0..graph.variables.len())
        .filter(|&variable| graph.value(before, variable) != graph.value(after, variable));
    let mut changes: Vec<String> = variables
        .map(|variable| format!("{} = {}", graph.variables[variable], graph.value(after, variable)))
        .collect();
    let old = &graph.position(before, thread).locals;
    let new = graph.position(after, thread).locals.iter().filter(|local| !old.contains(local));
    changes.extend(new.map(|(name, value)| format!("{name} = {value}")));
    changes
}

/// A schedule, step by step, each with its source line.
pub fn replay(graph: &Graph, sources: &Sources, schedule: &Schedule, states: &[usize]) -> String {
    let mut out = format!("{}\n\n", graph.title);
    let width = graph.threads.iter().map(|name| name.chars().count()).max().unwrap_or(0);
    for (index, (turn, pair)) in schedule.0.iter().zip(states.windows(2)).enumerate() {
        let (before, after) = (pair[0], pair[1]);
        let position = graph.position(before, turn.thread);
        let name = &graph.threads[turn.thread];
        let place = position.at.map_or(String::new(), |at| {
            let file = sources.files.get(at.0).map_or("", |file| &file.name);
            format!("{file}:{} | {}", at.1, source_line(sources, at))
        });
        let line = format!("{:>3}  {name:<width$}  {place}", index + 1);
        let _ = writeln!(out, "{}", fitted(&line, 80));
        let mut what = vec![position.next.clone()];
        let edge = graph.follow(before, *turn, index + 1);
        what.extend(edge.ok().and_then(|edge| edge.note()).map(str::to_string));
        what.extend(changes(graph, before, after, turn.thread));
        let _ =
            writeln!(out, "{}", fitted(&format!("     {:<width$}  {}", "", what.join("; ")), 80));
    }
    out.push('\n');
    let last = states.last().copied().unwrap_or(0);
    out.push_str(&standing(graph, last));
    out
}

/// How it ended, or who can go on.
pub fn standing(graph: &Graph, state: usize) -> String {
    let mut out = String::new();
    match graph.outcome(state) {
        Some(outcome) => {
            let _ = writeln!(out, "It ends: {}.", outcome.text);
            for thread in 0..graph.threads.len() {
                if let Some(reason) = &graph.position(state, thread).blocked {
                    let _ = writeln!(out, "  {} {reason}.", graph.threads[thread]);
                }
            }
        }
        None => {
            out.push_str("It has not ended. Next can be:\n");
            for edge in &graph.edges[state] {
                let turn = edge.turn();
                let next = &graph.position(state, turn.thread).next;
                let note = edge.note().map_or(String::new(), |note| format!(", {note}"));
                let _ = writeln!(out, "  {turn:<4} {} {next}{note}", graph.threads[turn.thread]);
            }
        }
    }
    out
}
