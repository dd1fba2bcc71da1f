//! All experiments in one table.

use maud::{Markup, html};
use taking_turns::claim::Kind;
use taking_turns::report::Report;

use crate::value::{day, sentence, unbroken};

/// The table: each report with the link to its panel's page and that page's title.
pub(crate) fn render<'a>(panels: impl Iterator<Item = (&'a Report, String, &'a str)>) -> Markup {
    html! {
        // A region that scrolls must be reachable by keyboard.
        div.scroll role="group" aria-label="All experiments" {
            table.experiments {
                thead {
                    tr {
                        th scope="col" { "experiment" }
                        th scope="col" { "asks" }
                        th scope="col" { "claims" }
                        th scope="col" { "in Python" }
                        th scope="col" { "recorded" }
                    }
                }
                tbody {
                    @for (report, page, title) in panels {
                        tr {
                            th scope="row" {
                                a href={ (page) "#" (report.experiment) } {
                                    code { (report.experiment) }
                                }
                            }
                            td { (sentence(&report.question)) br; a href=(page) { (title) } }
                            td { (kinds(report)) }
                            td { (if report.twins.is_empty() { "no" } else { "yes" }) }
                            td { (unbroken_day(&report.machine.recorded)) }
                        }
                    }
                }
            }
        }
    }
}

/// How many claims there are of each kind, the strongest first: `1 possible, 2 exact`.
fn kinds(report: &Report) -> String {
    let kinds = [Kind::Possible, Kind::Exact, Kind::Robust, Kind::Observed];
    let counts = kinds.iter().map(|kind| {
        (report.claims.iter().filter(|claim| claim.kind == *kind).count(), kind.to_string())
    });
    let counts = counts.filter(|(count, _)| *count > 0);
    let counts: Vec<_> = counts.map(|(count, kind)| unbroken(&format!("{count} {kind}"))).collect();
    counts.join(", ")
}

/// A date that is not broken at its hyphens.
fn unbroken_day(time: &str) -> String {
    day(time).replace('-', "\u{2011}")
}
