//! What was measured at points of an axis, as a map of who was fastest.

use maud::{Markup, html};
use taking_turns::quantity::Unit;
use taking_turns::report::Measurement;

use super::swept::Swept;
use crate::value::unbroken;

/// Who was fastest at each point. Nearness is also told by colour, in words first.
pub(super) fn map(swept: &Swept, across: &str, along: Unit, id: Option<&str>) -> Markup {
    let name = format!("{} by {across}: the fastest, and how far others are behind", swept.name);
    let at =
        |line: &[(f64, &'_ Measurement)], point: f64| line.iter().position(|&(at, _)| at == point);
    let fastest = |point: f64| {
        let there = swept.measured().filter(|m| m.at == Some(point));
        there.min_by(|one, other| one.median.total_cmp(&other.median))
    };
    html! {
        figure.chart.map id=[id] {
            figcaption { (name) }
            div.scroll role="group" aria-label=(name) {
                table {
                    thead { tr {
                        th scope="col" { (across) }
                        @for &point in &swept.points {
                            th scope="col" { (unbroken(&along.format_point(point))) }
                        }
                    } }
                    tbody {
                        @for (variant, line) in &swept.lines {
                            tr {
                                th scope="row" { (variant) }
                                @for &point in &swept.points {
                                    @match at(line, point).map(|place| line[place].1).zip(fastest(point)) {
                                        Some((measured, first)) => {
                                            @let behind = measured.behind(first);
                                            td class=(nearness(behind)) {
                                                (match behind {
                                                    Some(behind) => unbroken(&Unit::Ratio.format(behind)),
                                                    None => "fastest".to_owned(),
                                                })
                                            }
                                        }
                                        None => td {},
                                    }
                                }
                            }
                        }
                    }
                }
            }
            details {
                summary { "Data" }
                div.scroll role="group" aria-label={ (name) ": data" } { table {
                    caption { (swept.name) " by " (across) ", median and range" }
                    (swept.table(across, along))
                } }
            }
        }
    }
}

/// `behind`, as the class of a cell.
fn nearness(behind: Option<f64>) -> &'static str {
    match behind {
        None => "fastest",
        Some(behind) if behind < 2.0 => "near",
        Some(behind) if behind < 10.0 => "behind",
        Some(_) => "far",
    }
}
