//! Pictures of measurements, as SVG in the page.
//!
//! What lies along is measured in per cent and what lies across in pixels, so
//! that a picture is as wide as the page lets it be and its words stay at the
//! size of words.

use maud::{Markup, html};
use taking_turns::quantity::Unit;
use taking_turns::report::{Chart, Measurement, Report, Scale};
use taking_turns::statistics::Histogram;

use crate::timeline;
use crate::value::unbroken;

const BINS: usize = 30;
/// Height of a histogram's tallest column, in pixels.
const TALLEST: f64 = 120.0;
/// Height of the field that lines are drawn in, in pixels.
const FIELD: f64 = 220.0;
/// The narrowest that field is on a screen and on a phone, in pixels.
const FIELDS: [f64; 2] = [480.0, 220.0];
/// Width of a character under an axis, and of the gap between words, in pixels.
const CHARACTER: f64 = 8.0;
const GAP: f64 = 8.0;
/// So that lines are told apart without colour.
const DASHES: [&str; 4] = ["none", "7 3", "2 3", "9 3 2 3"];
/// Height of a row of bars: a line of text, and the bar under it.
const ROW: usize = 44;

/// The picture `chart` of `report`; `id` is unique in the book. Fails if the
/// chart shows what was not measured.
pub(crate) fn render(report: &Report, chart: &Chart, id: &str) -> Result<Markup, String> {
    Ok(match figure(report, chart, id)? {
        Figure::Drawn(picture) => picture.frame(),
        Figure::Written(words) => words,
    })
}

/// The first chart of `report` that is drawn, or else its timeline.
pub fn picture(report: &Report) -> Option<Picture> {
    let id = format!("{}-shared", report.experiment);
    let drawn = report.charts.iter().find_map(|chart| match figure(report, chart, &id) {
        Ok(Figure::Drawn(picture)) => Some(picture),
        _ => None,
    });
    drawn.or_else(|| Some(timeline::picture(report.timeline.as_ref()?, &id)))
}

/// What stands for a chart in the page.
enum Figure {
    Drawn(Picture),
    Written(Markup),
}

fn figure(report: &Report, chart: &Chart, id: &str) -> Result<Figure, String> {
    let missing = |what: String| {
        Err(format!("the record of `{}` has {what}, not measured", report.experiment))
    };
    match chart {
        Chart::Histogram { measurement, variant } => {
            match report.measurement(measurement, variant) {
                Some(measured) => Ok(histogram(measured, id)),
                None => missing(format!("a histogram of {measurement} of {variant}")),
            }
        }
        Chart::Bars { measurement } => {
            let shown: Vec<_> =
                report.measurements.iter().filter(|m| m.name == *measurement).collect();
            if shown.is_empty() {
                missing(format!("bars of {measurement}"))
            } else {
                Ok(Figure::Drawn(bars(&shown, id)))
            }
        }
        Chart::Lines { measurement, across, unit, scales } => {
            let swept = Swept::new(&report.measurements, measurement);
            if swept.lines.is_empty() {
                return missing(format!("lines of {measurement} by {across}"));
            }
            Ok(Figure::Drawn(lines(&swept, across, *unit, *scales, id)))
        }
        Chart::Map { measurement, across, unit } => {
            let swept = Swept::new(&report.measurements, measurement);
            if swept.lines.is_empty() {
                return missing(format!("a map of {measurement} by {across}"));
            }
            Ok(Figure::Written(map(&swept, across, *unit, Some(id))))
        }
    }
}

/// A quantity that was measured at points of an axis.
struct Swept<'a> {
    name: &'a str,
    /// Where it was measured, from left to right.
    points: Vec<f64>,
    /// For each variant, what was measured, from left to right.
    lines: Vec<(&'a str, Vec<(f64, &'a Measurement)>)>,
}

impl<'a> Swept<'a> {
    fn new(measurements: &'a [Measurement], name: &'a str) -> Swept<'a> {
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
        div.scroll role="group" aria-label=(measurement) {
            table { caption { (measurement) ", median and range" } (swept.table(across, *unit)) }
        }
    })
}

/// Who was fastest at each point. Nearness is also told by colour, in words first.
fn map(swept: &Swept, across: &str, along: Unit, id: Option<&str>) -> Markup {
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

fn lines(swept: &Swept, across: &str, along: Unit, scales: (Scale, Scale), id: &str) -> Picture {
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

fn histogram(measured: &Measurement, id: &str) -> Figure {
    let unit = measured.unit;
    let samples = Unit::samples(measured.samples.len());
    let name = format!("{} of {}, over {samples}", measured.name, measured.variant);
    let histogram = Histogram::new(&measured.samples, BINS);
    if histogram.counts.len() == 1 {
        let always = unbroken(&unit.format(histogram.low));
        return Figure::Written(html! { p.quiet { (name) ": always " (always) } });
    }
    let (low, high) = (histogram.low, histogram.high);
    let most = histogram.counts.iter().copied().max().unwrap_or(1);
    let bins = histogram.counts.len() as f64;
    let edge = |bin: usize| low + (high - low) * bin as f64 / bins;
    let occupied = || histogram.counts.iter().enumerate().filter(|(_, count)| **count > 0);
    let description = format!(
        "Histogram of {}: from {} to {}, median {}; at most {} in a column.",
        name,
        unit.format(low),
        unit.format(high),
        unit.format(measured.median),
        Unit::samples(most)
    );
    let axis = Axis::new(unit, low, high);
    let top = 8.0;
    let floor = top + TALLEST;
    Figure::Drawn(Picture {
        id: id.to_owned(),
        name,
        description,
        height: floor + 26.0,
        gutter: 6,
        drawing: html! {
            line.rule x1="0" x2="100%" y1=(top) y2=(top) {}
            text.tick x="-8" y=(top + 4.0) text-anchor="end" { (Unit::Count.format(most as f64)) }
            text.tick x="-8" y=(floor) text-anchor="end" { "0" }
            @for (bin, &count) in occupied() {
                @let height = count as f64 / most as f64 * TALLEST;
                rect.worker-1 x=(percent((bin as f64 + 0.06) / bins)) width=(percent(0.88 / bins))
                    y=(round(floor - height)) height=(round(height)) {}
            }
            line.axis x1="0" x2="100%" y1=(floor) y2=(floor) {}
            (axis.ticks(floor + 17.0))
        },
        lines: Vec::new(),
        legend: html! {},
        data: html! {
            thead { tr {
                th scope="col" { "from" } th scope="col" { "to" } th scope="col" { "samples" }
            } }
            tbody {
                @for (bin, count) in occupied() {
                    tr {
                        td { (unbroken(&unit.format(edge(bin)))) }
                        td { (unbroken(&unit.format(edge(bin + 1)))) }
                        td { (count) }
                    }
                }
            }
        },
    })
}

fn bars(shown: &[&Measurement], id: &str) -> Picture {
    let name = format!("{}, median and range", shown[0].name);
    let most = shown.iter().map(|m| m.max).fold(0.0, f64::max);
    let part = |value: f64| if most > 0.0 { value / most } else { 0.0 };
    let medians: Vec<_> =
        shown.iter().map(|m| format!("{} {}", m.variant, m.unit.format(m.median))).collect();
    let description = format!("Bars of the median {}: {}.", shown[0].name, medians.join("; "));
    Picture {
        id: id.to_owned(),
        name,
        description,
        height: (ROW * shown.len()) as f64,
        gutter: 0,
        drawing: html! {
            @for (row, measured) in shown.iter().enumerate() {
                @let top = row * ROW;
                text.label x="0" y=(top + 16) { (measured.variant) }
                text.amount x="100%" y=(top + 16) text-anchor="end" {
                    (unbroken(&measured.unit.format(measured.median)))
                }
                rect.worker-1 x="0" y=(top + 23) width=(percent(part(measured.median))) height="10" {}
                @if measured.min < measured.max {
                    line.range x1=(percent(part(measured.min))) x2=(percent(part(measured.max)))
                        y1=(top + 28) y2=(top + 28) {}
                    @for end in [measured.min, measured.max] {
                        line.range x1=(percent(part(end))) x2=(percent(part(end)))
                            y1=(top + 24) y2=(top + 32) {}
                    }
                }
            }
        },
        lines: Vec::new(),
        legend: html! {},
        data: html! {
            thead { tr {
                th scope="col" { "variant" } th scope="col" { "median" }
                th scope="col" { "smallest" } th scope="col" { "largest" } th scope="col" { "samples" }
            } }
            tbody {
                @for measured in shown {
                    tr {
                        th scope="row" { (measured.variant) }
                        @for value in [measured.median, measured.min, measured.max] {
                            td { (unbroken(&measured.unit.format(value))) }
                        }
                        td { (measured.samples.len()) }
                    }
                }
            }
        },
    }
}

/// A picture and what belongs to it.
pub struct Picture {
    /// Unique in the book.
    pub id: String,
    /// What it shows, in a few words.
    pub name: String,
    /// What there is to see, for those who do not see it.
    pub description: String,
    /// In pixels.
    pub height: f64,
    /// How many characters stand left of it.
    pub gutter: usize,
    /// The elements of the SVG.
    pub drawing: Markup,
    /// What its lines are called, if it has any.
    pub lines: Vec<String>,
    /// What its signs mean, if they need it.
    pub legend: Markup,
    /// Head and body of the table of its data.
    pub data: Markup,
}

impl Picture {
    /// In its frame: the name above, legend and data below, the data folded away.
    pub fn frame(&self) -> Markup {
        let Picture { id, name, description, .. } = self;
        html! {
            figure.chart id=(id) style={ "--gutter:" (self.gutter) "ch" } {
                figcaption { (name) }
                svg role="img" aria-labelledby={ (id) "-name" } aria-describedby={ (id) "-text" }
                    height=(round(self.height)) {
                    title id={ (id) "-name" } { (name) }
                    desc id={ (id) "-text" } { (description) }
                    (self.drawing)
                }
                (self.legend)
                details {
                    summary { "Data" }
                    div.scroll role="group" aria-label={ (name) ": data" } {
                        table { caption { (name) } (self.data) }
                    }
                }
            }
        }
    }
}

/// An axis along the page.
pub(crate) struct Axis {
    unit: Unit,
    low: f64,
    high: f64,
    scale: Scale,
}

/// Where a word at `part` of the width is held, so that it stays within.
fn anchor(part: f64) -> &'static str {
    match part {
        p if p < 0.04 => "start",
        p if p > 0.93 => "end",
        _ => "middle",
    }
}

/// Which words stand under a field of `width` pixels without touching: the
/// last, and from there to the left as many as there is room for.
fn with_room(words: &[(f64, String)], width: f64) -> Vec<bool> {
    let mut free = f64::INFINITY;
    let mut stand: Vec<bool> = words
        .iter()
        .rev()
        .map(|(part, words)| {
            let long = words.chars().count() as f64 * CHARACTER;
            let left = part * width
                - match anchor(*part) {
                    "start" => 0.0,
                    "end" => long,
                    _ => long / 2.0,
                };
            let stands = left + long <= free;
            if stands {
                free = left - GAP;
            }
            stands
        })
        .collect();
    stand.reverse();
    stand
}

impl Axis {
    /// From `low` at the left to `high` at the right, in `unit`.
    pub fn new(unit: Unit, low: f64, high: f64) -> Axis {
        Axis { unit, low, high, scale: Scale::Linear }
    }

    /// Where `value` is, as a part of the width.
    pub fn part(&self, value: f64) -> f64 {
        let place = |value: f64| match self.scale {
            Scale::Linear => value,
            Scale::Logarithmic => value.ln(),
        };
        let [value, low, high] = [value, self.low, self.high].map(place);
        if high > low { (value - low) / (high - low) } else { 0.0 }
    }

    /// Round values, from three to eight.
    pub fn values(&self) -> Vec<f64> {
        let span = self.high - self.low;
        if span <= 0.0 {
            return vec![self.low];
        }
        if self.scale == Scale::Logarithmic {
            return self.decades();
        }
        // The largest round step that is made three times at least.
        let most = span / 3.0;
        let magnitude = 10f64.powf(most.log10().floor());
        let steps = [5.0, 2.0, 1.0].map(|step| step * magnitude);
        let step = steps.into_iter().find(|step| *step <= most).unwrap_or(magnitude);
        let first = (self.low / step).ceil() as i64;
        let last = (self.high / step + 1e-9).floor() as i64;
        (first..=last).map(|n| n as f64 * step).collect()
    }

    /// Powers of ten, and where these are few, their halves and fifths too.
    fn decades(&self) -> Vec<f64> {
        let first = self.low.log10().floor() as i32;
        let last = self.high.log10().ceil() as i32;
        let steps: &[f64] = if last - first > 3 { &[1.0] } else { &[1.0, 2.0, 5.0] };
        let values =
            (first..=last).flat_map(|power| steps.iter().map(move |step| step * 10f64.powi(power)));
        let within = |value: &f64| (self.low * 0.999..=self.high * 1.001).contains(value);
        values.filter(within).collect()
    }

    /// The round values with their words: on a linear axis all in one scale.
    fn words(&self) -> Vec<(f64, String)> {
        let one = self.unit.scale(self.high);
        let written = |value: f64| match self.scale {
            Scale::Linear => format!("{} {}", one.format(value), one.symbol).trim_end().to_owned(),
            Scale::Logarithmic => self.unit.format(value),
        };
        self.values().into_iter().map(|value| (value, written(value))).collect()
    }

    /// The words under it, in one scale, with the unit at the last.
    pub fn ticks(&self, y: f64) -> Markup {
        let scale = self.unit.scale(self.high);
        let values = self.values();
        html! {
            @for (index, &value) in values.iter().enumerate() {
                @let part = self.part(value);
                // A phone has room for every second of many; the last has the unit.
                @let spare = values.len() > 3 && (values.len() - index).is_multiple_of(2);
                text.tick.spare[spare] x=(percent(part)) y=(round(y)) text-anchor=(anchor(part)) {
                    (unbroken(&scale.format(value)))
                    @if index + 1 == values.len() && !scale.symbol.is_empty() {
                        "\u{a0}" (scale.symbol)
                    }
                }
            }
        }
    }
}

/// `part` of the width, for an attribute.
pub(crate) fn percent(part: f64) -> String {
    format!("{}%", round(part * 100.0))
}

/// To a hundredth, which is finer than a screen.
pub(crate) fn round(value: f64) -> f64 {
    // Adding zero turns a negative zero into zero.
    (value * 100.0).round() / 100.0 + 0.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_axis_has_a_few_round_values() {
        assert_eq!(Axis::new(Unit::Seconds, 0.0, 3.002).values(), [0.0, 1.0, 2.0, 3.0]);
        assert_eq!(
            Axis::new(Unit::Count, 101_877.0, 187_331.0).values(),
            [120_000.0, 140_000.0, 160_000.0, 180_000.0]
        );
        assert_eq!(Axis::new(Unit::Count, 5.0, 5.0).values(), [5.0]);
        for high in [1e-9, 0.07, 1.0, 9.99, 1e12] {
            let values = Axis::new(Unit::Seconds, 0.0, high).values();
            assert!((3..=8).contains(&values.len()), "{high}: {values:?}");
        }
    }

    #[test]
    fn an_axis_of_ratios_has_powers_of_ten() {
        let axis = |low, high| Axis { unit: Unit::Seconds, low, high, scale: Scale::Logarithmic };
        assert_eq!(axis(1.0, 20.0).values(), [1.0, 2.0, 5.0, 10.0, 20.0]);
        assert_eq!(axis(1.0, 60_000.0).values(), [1.0, 10.0, 100.0, 1000.0, 10_000.0]);
        assert!((axis(1.0, 100.0).part(10.0) - 0.5).abs() < 1e-9);
    }

    #[test]
    fn words_under_an_axis_do_not_touch_and_the_last_always_stands() {
        let words = [(0.0, "10 %"), (0.9, "90 %"), (1.0, "99 %")];
        let words = words.map(|(part, words)| (part, words.to_owned()));
        assert_eq!(with_room(&words, 1000.0), [true, true, true]);
        assert_eq!(with_room(&words, 300.0), [true, false, true]);
        assert_eq!(with_room(&words, 30.0), [false, false, true]);
    }

    #[test]
    fn a_chart_of_what_was_not_measured_is_an_error() {
        let chart = Chart::Bars { measurement: "heat".to_owned() };
        let error = render(&crate::tests::report(), &chart, "id").unwrap_err();
        assert_eq!(error, "the record of `race_condition` has bars of heat, not measured");
    }
}
