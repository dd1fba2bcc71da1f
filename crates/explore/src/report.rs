//! What the explorer prints, in 80 columns.

use std::fmt::Write;

use explore::Experiment;
use interleave::{Graph, Outcome, Reached, Schedule, Sources};

/// All experiments and their scenarios.
pub fn list(experiments: &[Experiment]) -> String {
    let mut out = String::new();
    for experiment in experiments {
        let _ = writeln!(out, "{}", experiment.name);
        for scenario in experiment.scenarios {
            let _ = writeln!(out, "  {}\n      {}", scenario.name, scenario.title);
        }
    }
    out.push_str("\nExplore one: cargo explore race_condition load_then_store\n");
    out
}

/// One line for each scenario's outcome.
pub fn summary(experiment: &str, graphs: &[Graph]) -> String {
    let mut out = String::new();
    for graph in graphs {
        let _ = writeln!(out, "{} {}\n{}", experiment, graph.name, graph.title);
        out.push_str(&table(graph));
        out.push('\n');
    }
    out
}

/// A scenario's outcomes, their counts, and how each is reached.
pub fn outcomes(graph: &Graph) -> String {
    let mut out = format!("{}\n", graph.title);
    let total = |reached: fn(&Outcome) -> &Reached| {
        let counts = graph.outcomes.iter().map(|outcome| reached(outcome).schedules.as_deref());
        let counts = counts.map(|count| count?.parse::<u128>().ok());
        counts.sum::<Option<u128>>().map_or("endless".into(), |sum| grouped(&sum.to_string()))
    };
    let _ = writeln!(
        out,
        "{} states, {} schedules, {} of them cooperative.\nGoal: {} ({}).\n",
        grouped(&graph.states.len().to_string()),
        total(|outcome| &outcome.preemptive),
        total(|outcome| &outcome.cooperative),
        graph.goal.text,
        graph.goal.outcome,
    );
    out.push_str(&table(graph));
    if graph.outcome_called(&graph.goal.outcome).is_none() {
        let _ =
            writeln!(out, "\nNo schedule ends in {}: these are all there are.", graph.goal.outcome);
    }
    out.push_str("\nWith the fewest preemptions:\n");
    for outcome in &graph.outcomes {
        if let (Some(schedule), Some(preemptions)) =
            (&outcome.preemptive.gentlest, outcome.preemptive.preemptions)
        {
            let plural = if preemptions == 1 { "" } else { "s" };
            let _ = writeln!(
                out,
                "  {}: {preemptions} preemption{plural}\n      {schedule}",
                outcome.text
            );
        }
    }
    out.push_str("\nGo through one with --replay SCHEDULE, or choose each step with --step.\n");
    out
}

fn table(graph: &Graph) -> String {
    let mut out = format!(
        "  {:<36} {:>18} {:>18}\n",
        "outcome (+ wanted, - not)", "schedules", "cooperative"
    );
    for outcome in &graph.outcomes {
        let mark = if outcome.good { '+' } else { '-' };
        let count =
            |reached: &Reached| reached.schedules.as_deref().map_or("endless".into(), grouped);
        let (all, cooperative) = (count(&outcome.preemptive), count(&outcome.cooperative));
        let _ =
            writeln!(out, "{mark} {:<36} {all:>18} {cooperative:>18}", fitted(&outcome.text, 36));
    }
    out
}

/// `66 468 720`.
fn grouped(digits: &str) -> String {
    let groups: Vec<&[u8]> = digits.as_bytes().rchunks(3).rev().collect();
    let groups: Vec<&str> =
        groups.iter().filter_map(|group| std::str::from_utf8(group).ok()).collect();
    groups.join(" ")
}

/// At most `width` characters.
pub fn fitted(text: &str, width: usize) -> String {
    if text.chars().count() <= width {
        return text.into();
    }
    let kept: String = text.chars().take(width.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end())
}

/// The source line at a position, without its indentation.
pub fn source_line(sources: &Sources, at: (usize, u32)) -> &str {
    let file = sources.files.get(at.0);
    let line = file.and_then(|file| file.lines.get(at.1 as usize - 1));
    line.map_or("", |line| line.trim())
}

/// What a step changed: shared values, and the locals of the thread.
pub fn changes(graph: &Graph, before: usize, after: usize, thread: usize) -> Vec<String> {
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
