//! What the explorer prints, in 80 columns.

use std::fmt::Write;

use explore::Experiment;
use interleave::telling::{fitted, grouped};
use interleave::{Graph, Outcome, Reached};

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
