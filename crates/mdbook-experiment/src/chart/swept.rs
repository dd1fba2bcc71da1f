//! What was measured at points of an axis: as lines and as a table.

use maud::{Markup, html};
use taking_turns::quantity::Unit;
use taking_turns::report::{Chart, Measurement, Scale};

use super::Picture;
use super::axis::{Axis, percent, round};
use super::map::map;
use crate::panel::summary;
use crate::value::unbroken;

/// Height of the field that lines are drawn in, and of what is above it, in pixels.
const FIELD: f64 = 220.0;
const TOP: f64 = 12.0;
/// So that lines are told apart without colour.
const DASHES: [&str; 4] = ["none", "7 3", "2 3", "9 3 2 3"];

/// A quantity that was measured at points of an axis.
pub(super) struct Swept<'a> {
    pub name: &'a str,
    /// Where it was measured, from left to right.
    pub points: Vec<f64>,
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

    pub fn measured(&self) -> impl Iterator<Item = &'a Measurement> {
        self.lines.iter().flat_map(|(_, line)| line).map(|&(_, measured)| measured)
    }

    fn unit(&self) -> Unit {
        self.measured().next().map_or(Unit::Count, |m| m.unit)
    }

    /// The axis of what was measured, from the bottom to the top.
    fn upward(&self, scale: Scale) -> Axis {
        let lowest = self.measured().map(|m| m.min).fold(f64::MAX, f64::min);
        let high = self.measured().map(|m| m.max).fold(f64::MIN, f64::max);
        let low = match scale {
            Scale::Linear => lowest.min(0.0),
            Scale::Logarithmic => 10f64.powf(lowest.log10().floor()),
        };
        Axis { unit: self.unit(), low, high, scale }.up_to_round()
    }

    /// Where each line begins and ends, in words; points are `along`.
    fn description(&self, along: Unit) -> String {
        let described = self.lines.iter().map(|(variant, line)| {
            let [from, to] = [line[0], line[line.len() - 1]].map(|(at, m)| {
                format!("{} at {}", m.unit.format(m.median), along.format_point(at))
            });
            format!("{variant} from {from} to {to}")
        });
        let described: Vec<_> = described.collect();
        format!("Lines of {}: {}.", self.name, described.join("; "))
    }

    fn legend(&self) -> Markup {
        html! {
            p.legend {
                @for (number, (variant, _)) in self.lines.iter().enumerate() {
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
        }
    }

    /// Head and body of a table: a row for each point, a column for each variant.
    pub fn table(&self, across: &str, unit: Unit) -> Markup {
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
                                    (summary(m))
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

/// One line for each variant, through its medians.
pub(super) fn lines(
    swept: &Swept,
    across: &str,
    along: Unit,
    scales: (Scale, Scale),
    id: &str,
) -> Picture {
    let (low, high) = (swept.points[0], swept.points[swept.points.len() - 1]);
    let along = Axis { unit: along, low, high, scale: scales.0 };
    let upward = swept.upward(scales.1);
    let floor = TOP + FIELD;
    let height = |value: f64| round(floor - upward.part(value) * FIELD);
    let shown = upward.words();
    Picture {
        id: id.to_owned(),
        name: format!("{} by {across}, median and range", swept.name),
        description: swept.description(along.unit),
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
                (trace(line, line_style(number), |at| percent(along.part(at)), height))
            }
            (along.points(&swept.points, floor + 18.0))
            text.label x="100%" y=(round(floor + 36.0)) text-anchor="end" { (across) }
        },
        lines: swept.lines.iter().map(|(variant, _)| (*variant).to_owned()).collect(),
        legend: swept.legend(),
        data: swept.table(across, along.unit),
    }
}

/// A line with the range at each of its points.
fn trace(
    line: &[(f64, &Measurement)],
    (colour, dash): (usize, &str),
    across: impl Fn(f64) -> String,
    height: impl Fn(f64) -> f64,
) -> Markup {
    html! {
        g.{ "worker-" (colour) } {
            @for pair in line.windows(2) {
                @let [x1, x2] = [pair[0].0, pair[1].0].map(&across);
                line.trace x1=(x1) x2=(x2) stroke-dasharray=(dash)
                    y1=(height(pair[0].1.median)) y2=(height(pair[1].1.median)) {}
            }
            @for &(at, m) in line {
                @let x = across(at);
                line.spread x1=(x) x2=(x) y1=(height(m.min)) y2=(height(m.max)) {}
                circle cx=(x) cy=(height(m.median)) r="3.5" {}
            }
        }
    }
}

/// Number of the worker colour, and dashes, of a line.
pub fn line_style(number: usize) -> (usize, &'static str) {
    (number % 8 + 1, DASHES[number % DASHES.len()])
}
