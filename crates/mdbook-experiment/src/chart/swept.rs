//! What was measured at points of an axis: as lines, as a table, and as a map
//! of who was fastest.

use maud::{Markup, html};
use taking_turns::quantity::Unit;
use taking_turns::report::{Chart, Measurement, Scale};

use super::Picture;
use super::axis::{Axis, anchor, percent, round, with_room};
use crate::value::unbroken;

/// Height of the field that lines are drawn in, in pixels.
const FIELD: f64 = 220.0;
/// The narrowest that field is on a screen and on a phone, in pixels.
const FIELDS: [f64; 2] = [480.0, 220.0];
/// So that lines are told apart without colour.
const DASHES: [&str; 4] = ["none", "7 3", "2 3", "9 3 2 3"];

/// A quantity that was measured at points of an axis.
pub(super) struct Swept<'a> {
    name: &'a str,
    /// Where it was measured, from left to right.
    points: Vec<f64>,
    /// For each variant, what was measured, from left to right.
    pub lines: Vec<(&'a str, Vec<(f64, &'a Measurement)>)>,
}

impl<'a> Swept<'a> {
    pub fn new(measurements: &'a [Measurement], name: &'a str) -> Swept<'a> {
        let mut lines: Vec<(&str, Vec<(f64, &Measurement)>)> = Vec::new();
        for measured in measurements.iter().filter(|m| m.name == name) {
            let Some(at) = measured.at else { continue };
            match lines.iter_mut().find(|(variant, _)| *variant == measured.variant) {
                Some((_, line)) => line.push((at, measured)),
                None => lines.push((&measured.variant, vec![(at, measured)])),
            }
        }
        for (_, line) in &mut lines {
            line.sort_by(|a, b| a.0.total_cmp(&b.0));
        }
        let mut points: Vec<f64> =
            lines.iter().flat_map(|(_, line)| line).map(|&(at, _)| at).collect();
        points.sort_by(f64::total_cmp);
        points.dedup();
        Swept { name, points, lines }
    }

    fn measured(&self) -> impl Iterator<Item = &'a Measurement> {
        self.lines.iter().flat_map(|(_, line)| line).map(|&(_, measured)| measured)
    }

    fn unit(&self) -> Unit {
        self.measured().next().map_or(Unit::Count, |m| m.unit)
    }

    /// Head and body of a table: a row for each point, a column for each variant.
    fn table(&self, across: &str, unit: Unit) -> Markup {
        html! {
            thead { tr {
                th scope="col" { (across) }
                @for (variant, _) in &self.lines { th scope="col" { (variant) } }
            } }
            tbody {
                @for &point in &self.points {
                    tr {
                        th scope="row" { (unbroken(&unit.format_point(point))) }
                        @for (_, line) in &self.lines {
                            td {
                                @if let Some((_, m)) = line.iter().find(|(at, _)| *at == point) {
                                    (unbroken(&m.unit.format_range(m.median, m.min, m.max)))
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// What `measurements` has of the lines or the map that `chart` draws: a table
/// instead of lines, and a map as a map.
pub(crate) fn swept_table(chart: &Chart, measurements: &[Measurement]) -> Option<Markup> {
    let (Chart::Lines { measurement, across, unit, .. } | Chart::Map { measurement, across, unit }) =
        chart
    else {
        return None;
    };
    let swept = Swept::new(measurements, measurement);
    if swept.lines.is_empty() {
        return None;
    }
    if let Chart::Map { .. } = chart {
        return Some(map(&swept, across, *unit, None));
    }
    Some(html! {
        details {
            summary { (measurement) ", median and range" }
            div.scroll role="group" aria-label=(measurement) { table { (swept.table(across, *unit)) } }
        }
    })
}

pub(super) fn lines(
    swept: &Swept,
    across: &str,
    along: Unit,
    scales: (Scale, Scale),
    id: &str,
) -> Picture {
    let unit = swept.unit();
    let name = format!("{} by {across}, median and range", swept.name);
    let (first, last) = (swept.points[0], swept.points[swept.points.len() - 1]);
    let axis = Axis { unit: along, low: first, high: last, scale: scales.0 };
    let highest = swept.measured().map(|m| m.max).fold(f64::MIN, f64::max);
    let lowest = swept.measured().map(|m| m.min).fold(f64::MAX, f64::min);
    let upward = match scales.1 {
        Scale::Linear => Axis { unit, low: lowest.min(0.0), high: highest, scale: Scale::Linear },
        Scale::Logarithmic => Axis {
            unit,
            low: 10f64.powf(lowest.log10().floor()),
            high: highest,
            scale: Scale::Logarithmic,
        },
    };
    let top = 12.0;
    let floor = top + FIELD;
    let height = |value: f64| round(floor - upward.part(value) * FIELD);
    let shown = upward.words();
    let below: Vec<(f64, String)> = swept
        .points
        .iter()
        .map(|&point| (axis.part(point), unbroken(&along.format_point(point))))
        .collect();
    let [screen, phone] = FIELDS.map(|width| with_room(&below, width));
    let described: Vec<_> = swept
        .lines
        .iter()
        .map(|(variant, line)| {
            let [from, to] = [line[0], line[line.len() - 1]].map(|(at, m)| {
                format!("{} at {}", m.unit.format(m.median), along.format_point(at))
            });
            format!("{variant} from {from} to {to}")
        })
        .collect();
    let description = format!("Lines of {}: {}.", swept.name, described.join("; "));
    Picture {
        id: id.to_owned(),
        name,
        description,
        height: floor + 42.0,
        gutter: 2 + shown.iter().map(|(_, words)| words.chars().count()).max().unwrap_or(0),
        drawing: html! {
            @for (value, words) in &shown {
                line.rule x1="0" x2="100%" y1=(height(*value)) y2=(height(*value)) {}
                text.tick x="-8" y=(round(height(*value) + 4.0)) text-anchor="end" {
                    (unbroken(words))
                }
            }
            line.axis x1="0" x2="100%" y1=(floor) y2=(floor) {}
            @for (number, (_, line)) in swept.lines.iter().enumerate() {
                @let (colour, dash) = line_style(number);
                g.{ "worker-" (colour) } {
                    @for pair in line.windows(2) {
                        @let [x1, x2] = [pair[0].0, pair[1].0].map(|at| percent(axis.part(at)));
                        line.trace x1=(x1) x2=(x2) stroke-dasharray=(dash)
                            y1=(height(pair[0].1.median)) y2=(height(pair[1].1.median)) {}
                    }
                    @for &(at, m) in line {
                        @let x = percent(axis.part(at));
                        line.spread x1=(x) x2=(x) y1=(height(m.min)) y2=(height(m.max)) {}
                        circle cx=(x) cy=(height(m.median)) r="3.5" {}
                    }
                }
            }
            @for (number, (part, words)) in below.iter().enumerate() {
                @if screen[number] {
                    text.tick.spare[!phone[number]] x=(percent(*part)) y=(round(floor + 18.0))
                        text-anchor=(anchor(*part)) { (words) }
                }
            }
            text.label x="100%" y=(round(floor + 36.0)) text-anchor="end" { (across) }
        },
        lines: swept.lines.iter().map(|(variant, _)| (*variant).to_owned()).collect(),
        legend: html! {
            p.legend {
                @for (number, (variant, _)) in swept.lines.iter().enumerate() {
                    @let (colour, dash) = line_style(number);
                    span {
                        svg.key width="34" height="10" aria-hidden="true" {
                            g.{ "worker-" (colour) } {
                                line.trace x1="0" x2="34" y1="5" y2="5" stroke-dasharray=(dash) {}
                                circle cx="17" cy="5" r="3.5" {}
                            }
                        }
                        (variant)
                    } " "
                }
            }
        },
        data: swept.table(across, along),
    }
}

/// Number of the worker colour, and dashes, of a line.
pub fn line_style(number: usize) -> (usize, &'static str) {
    (number % 8 + 1, DASHES[number % DASHES.len()])
}

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
                        @for (variant, _) in &swept.lines { th scope="col" { (variant) } }
                    } }
                    tbody {
                        @for &point in &swept.points {
                            tr {
                                th scope="row" { (unbroken(&along.format_point(point))) }
                                @for (_, line) in &swept.lines {
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
