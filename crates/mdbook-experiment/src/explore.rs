//! The explorer of a scenario: a widget where scripts run, and everywhere the
//! table of its outcomes with a schedule that leads to each.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::rc::Rc;

use interleave::telling::grouped;
use interleave::{Excerpt, Graph, Memory, Outcome, Schedule, Schedules, Sources};
use maud::{Markup, PreEscaped, html};
use serde_json::json;

use crate::value::{kebab, unbroken};

/// What the widgets of a page look like, once.
pub(crate) fn style() -> Markup {
    html! { style { (PreEscaped(include_str!("../web/explorer.css"))) } }
}

/// What makes them work, once, and after all of them.
pub(crate) fn script() -> Markup {
    html! { script { (PreEscaped(include_str!("../web/explorer.js"))) } }
}

/// The explored schedules of the experiments, each read when it is first asked for.
#[derive(Default)]
pub(crate) struct Explored(RefCell<BTreeMap<String, Result<Rc<Schedules>, String>>>);

impl Explored {
    /// Those of the experiment `name`, which lies in `folder`.
    pub fn of(&self, folder: &Path, name: &str) -> Result<Rc<Schedules>, String> {
        let mut known = self.0.borrow_mut();
        known.entry(name.to_owned()).or_insert_with(|| read(folder, name).map(Rc::new)).clone()
    }
}

/// The explorer of `scenario`, one of `explored`.
pub(crate) fn render(explored: &Schedules, scenario: &str) -> Result<Markup, String> {
    let name = &*explored.experiment;
    let graph = find(explored, scenario)?;
    let id = format!("{name}-{scenario}");
    let title = format!("{id}-title");
    Ok(html! {
        section.explore id=(id) aria-labelledby=(title) {
            p.explore-title id=(title) { (graph.title) }
            p.explore-goal {
                "You are the scheduler. Your goal: " strong { (graph.goal.text) } "."
                @if graph.memory == Memory::Weak {
                    " A load may return an older value, by C++20’s rules."
                }
            }
            div.explore-live hidden {}
            (code(graph, &explored.source))
            (outcomes(graph))
            (witnesses(graph, &explored.source))
            p.explore-command {
                code { "$ " span.typed { "cargo explore " (name) " " (scenario) " --step" } }
            }
            script type="application/json" { (PreEscaped(data(name, graph, &explored.source))) }
        }
    })
}

/// How many schedules of `scenario` there are, or how many end in `outcome`.
pub(crate) fn count(
    explored: &Schedules,
    scenario: &str,
    outcome: Option<&str>,
) -> Result<String, String> {
    let graph = find(explored, scenario)?;
    let chosen: Vec<&Outcome> = match outcome {
        None => graph.outcomes.iter().collect(),
        // `a-buyer-left` is written for `a buyer left`, as in the paths of values.
        Some(text) => vec![
            graph.outcomes.iter().find(|o| o.text == text || kebab(&o.text) == text).ok_or_else(
                || {
                    let texts: Vec<_> =
                        graph.outcomes.iter().map(|outcome| &*outcome.text).collect();
                    format!("`{scenario}` never ends in `{text}`; it ends in {}", texts.join(", "))
                },
            )?,
        ],
    };
    let counts =
        chosen.iter().map(|outcome| outcome.preemptive.schedules.as_ref()?.parse::<u128>().ok());
    let sum = counts
        .sum::<Option<u128>>()
        .ok_or_else(|| format!("there is no end to the schedules of `{scenario}`"))?;
    Ok(unbroken(&grouped(&sum.to_string())))
}

fn find<'a>(explored: &'a Schedules, scenario: &str) -> Result<&'a Graph, String> {
    explored.scenarios.iter().find(|graph| graph.name == scenario).ok_or_else(|| {
        let names: Vec<_> = explored.scenarios.iter().map(|graph| graph.name.as_str()).collect();
        let name = &explored.experiment;
        format!("`{name}` has no scenario `{scenario}`; it has {}", names.join(", "))
    })
}

/// The graphs of an experiment, if they are of the code that lies there now.
fn read(folder: &Path, name: &str) -> Result<Schedules, String> {
    let again = "run cargo explore --write";
    let path = format!("examples/{name}/schedules.json");
    let text = std::fs::read_to_string(folder.join("schedules.json"))
        .map_err(|error| format!("cannot read `{path}`: {error}; {again}"))?;
    let explored =
        Schedules::from_json(&text).map_err(|error| format!("cannot use `{path}`: {error}"))?;
    for file in &explored.source.files {
        let now = std::fs::read_to_string(folder.join(&file.name))
            .map_err(|error| format!("cannot read `examples/{name}/{}`: {error}", file.name))?;
        if !now.lines().eq(&file.lines) {
            return Err(format!(
                "the schedules of `{name}` are stale: {} changed since; {again}",
                file.name
            ));
        }
    }
    Ok(explored)
}

/// The lines of code that are shown: file, number of the first, text.
fn excerpts<'a>(
    graph: &'a Graph,
    sources: &'a Sources,
) -> impl Iterator<Item = (usize, u32, &'a [String])> {
    graph.listing.iter().map(|&Excerpt(file, first, last)| {
        (file, first, &sources.files[file].lines[first as usize - 1..last as usize])
    })
}

/// The code, for print and for readers without scripts.
fn code(graph: &Graph, sources: &Sources) -> Markup {
    html! {
        div.explore-code.explore-print {
            @for (file, first, lines) in excerpts(graph, sources) {
                figure {
                    figcaption { (sources.files[file].name) }
                    ol start=(first) {
                        @for line in lines { li { code.language-rust { (line) } } }
                    }
                }
            }
        }
    }
}

/// Every way to end, with how many schedules end so.
fn outcomes(graph: &Graph) -> Markup {
    let count = |digits: &Option<String>| match digits {
        Some(digits) => grouped(digits),
        None => "no end of them".to_owned(),
    };
    html! {
        div.scroll role="group" aria-label={ "Outcomes: " (graph.title) } {
            table.explore-outcomes {
                thead {
                    tr {
                        th scope="col" { "it ends in" }
                        th scope="col" { "schedules" }
                        th scope="col" { "cooperative ones" }
                        th scope="col" { "preemptions it takes" }
                    }
                }
                tbody {
                    @for outcome in &graph.outcomes {
                        tr.(if outcome.good { "good" } else { "bad" }) {
                            th scope="row" {
                                span.mark aria-hidden="true" {
                                    (if outcome.good { "✓ " } else { "✗ " })
                                }
                                (outcome.text)
                            }
                            td { (count(&outcome.preemptive.schedules)) }
                            td { (count(&outcome.cooperative.schedules)) }
                            td {
                                @if let Some(preemptions) = outcome.preemptive.preemptions {
                                    (preemptions)
                                }
                            }
                        }
                    }
                }
            }
        }
        @if graph.outcome_called(&graph.goal.outcome).is_none() {
            p { "No schedule ends in " (graph.goal.outcome) ". These are all the outcomes there are." }
        }
    }
}

/// For each outcome the schedule with the fewest preemptions, step by step,
/// for print and for readers without scripts.
fn witnesses(graph: &Graph, sources: &Sources) -> Markup {
    html! {
        div.explore-witnesses {
            @for outcome in &graph.outcomes {
                @if let Some(steps) = steps(graph, outcome, sources) {
                    div {
                        p { "So it ends in " strong { (outcome.text) } ":" }
                        ol { @for step in steps { li { (step) } } }
                    }
                }
            }
        }
    }
}

fn steps(graph: &Graph, outcome: &Outcome, sources: &Sources) -> Option<Vec<String>> {
    let schedule: Schedule = outcome.preemptive.gentlest.as_ref()?.parse().ok()?;
    let states = graph.replay(&schedule).ok()?;
    let several =
        excerpts(graph, sources).map(|(file, ..)| file).collect::<BTreeSet<_>>().len() > 1;
    let steps = schedule.0.iter().zip(&states).map(|(turn, &state)| {
        let position = graph.position(state, turn.thread);
        let edge = graph.follow(state, *turn, 0).ok();
        let note = edge.and_then(|edge| edge.note()).map_or(String::new(), |n| format!(": {n}"));
        let place = position.at.map_or(String::new(), |(file, line)| match several {
            true => format!(" ({}:{line})", sources.files[file].name),
            false => format!(" (line {line})"),
        });
        format!("{} {}{note}{place}", graph.threads[turn.thread], position.next)
    });
    Some(steps.collect())
}

/// The graph for the script, with the lines of code that it shows. No `<` is
/// left in it, so that no text in a record can end the element.
fn data(name: &str, graph: &Graph, sources: &Sources) -> String {
    let excerpts: Vec<_> = excerpts(graph, sources)
        .map(|(file, first, lines)| {
            json!({ "file": file, "name": sources.files[file].name, "first": first, "text": lines })
        })
        .collect();
    let data = json!({ "experiment": name, "excerpts": excerpts, "graph": graph });
    data.to_string().replace('<', "\\u003c")
}
