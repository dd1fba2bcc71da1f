//! The program that holds a reader's answer: grades it and says what came of it.

use std::process::ExitCode;

use interleave::{Graph, Scenario, Schedule, Sources, telling};

use crate::check::{Attempt, Case};
use crate::grade::{Refusal, grade};
use crate::words::wrapped;
use crate::{kept, page};

/// The program's `main`: grades `answer`, or with `--replay CASE SCHEDULE` goes
/// through a schedule of it. Its page is written into `target/exercises`.
///
/// The exit code is 0 if it is right, 1 if not, 2 if it cannot be asked so.
pub fn tell(answer: Option<Attempt>) -> ExitCode {
    let Some(attempt) = &answer else {
        eprintln!("error: no answer is compiled in; run cargo exercise NAME");
        return ExitCode::from(2);
    };
    // A panic is an outcome, and told as one.
    std::panic::set_hook(Box::new(|_| {}));
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => tell_grade(attempt),
        ["--replay", case, schedule] => match replay(attempt, case, schedule) {
            Ok(text) => {
                print!("{text}");
                ExitCode::SUCCESS
            }
            Err(cause) => {
                eprintln!("error: {cause}");
                ExitCode::from(2)
            }
        },
        _ => {
            eprintln!("error: unknown arguments; `--replay CASE SCHEDULE` is known");
            ExitCode::from(2)
        }
    }
}

fn tell_grade(attempt: &Attempt) -> ExitCode {
    let verdict = grade(attempt);
    for line in &verdict.passed {
        println!("✓ {}", wrapped(line, 78, 2));
    }
    let Some(refusal) = &verdict.refusal else {
        return ExitCode::SUCCESS;
    };
    println!("✗ {}", wrapped(&prefixed(attempt, refusal), 78, 2));
    // Where nobody has a step there is nothing to follow.
    let shown = refusal.shown.as_ref().filter(|(_, schedule)| !schedule.0.is_empty());
    if let Some((graph, schedule)) = shown {
        println!("\nSo it goes wrong:\n");
        print!("{}", told(attempt, graph, schedule));
        if goes_on(graph, schedule) {
            println!("It can come here again, by the same steps, for ever.");
        }
        let page = page(attempt.exercise, graph, &Sources::of(attempt.sources));
        let file = kept().join(format!("{}.html", attempt.exercise));
        let written = std::fs::create_dir_all(kept()).and_then(|()| std::fs::write(&file, page));
        match written {
            Ok(()) => println!(
                "\nBe the scheduler of your own code, from this step back:\nfile://{}#{}-{}={schedule}",
                file.display(),
                attempt.exercise,
                graph.name
            ),
            Err(cause) => println!("\ncannot write {}: {cause}", file.display()),
        }
    }
    if let Some(hint) = &refusal.hint {
        println!("\n{}", wrapped(&format!("Hint: {hint}"), 78, 0));
    }
    ExitCode::FAILURE
}

fn prefixed(attempt: &Attempt, refusal: &Refusal) -> String {
    match scenario(attempt, refusal.case) {
        Some(scenario) => format!("{}: {}", scenario.title, refusal.what),
        None => refusal.what.clone(),
    }
}

fn told(attempt: &Attempt, graph: &Graph, schedule: &Schedule) -> String {
    let states = graph.replay(schedule).expect("a schedule that the graph gave");
    let text = telling::replay(graph, &Sources::of(attempt.sources), schedule, &states);
    // The title has been said.
    text.split_once("\n\n").map_or(text.clone(), |(_, rest)| rest.to_owned())
}

/// Whether the schedule leads to where it goes round, and to no end.
fn goes_on(graph: &Graph, schedule: &Schedule) -> bool {
    let states = graph.replay(schedule).expect("a schedule that the graph gave");
    states.last().is_some_and(|&state| graph.outcome(state).is_none())
}

fn scenario<'a>(attempt: &'a Attempt, name: &str) -> Option<&'a Scenario> {
    attempt.check.cases.iter().find_map(|case| match case {
        Case::Explored { scenario, .. } if scenario.name == name => Some(scenario),
        _ => None,
    })
}

fn replay(attempt: &Attempt, case: &str, schedule: &str) -> Result<String, String> {
    let scenario =
        scenario(attempt, case).ok_or_else(|| format!("there is no case `{case}` to replay"))?;
    let graph = scenario.explore_open(attempt.sources).map_err(|error| error.to_string())?;
    let parsed: Schedule = schedule.parse().map_err(|error| format!("{schedule}: {error}"))?;
    graph.replay(&parsed).map_err(|refusal| refusal.to_string())?;
    Ok(told(attempt, &graph, &parsed))
}
