//! Pictures of measurements, as SVG in the page.
//!
//! What lies along is measured in per cent and what lies across in pixels, so
//! that a picture is as wide as the page lets it be and its words stay at the
//! size of words.

use maud::{Markup, html};
use taking_turns::quantity::Unit;
use taking_turns::report::{Chart, Measurement, Report};
use taking_turns::statistics::Histogram;

use crate::value::unbroken;

const BINS: usize = 30;
/// Height of a histogram's tallest column, in pixels.
const TALLEST: f64 = 120.0;
/// Height of a row of bars: a line of text, and the bar under it.
const ROW: usize = 44;

/// The picture `chart` of `report`; `id` is unique in the book. Fails if the
/// chart shows what was not measured.
pub(crate) fn render(report: &Report, chart: &Chart, id: &str) -> Result<Markup, String> {
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
                Ok(bars(&shown, id))
            }
        }
    }
}

fn histogram(measured: &Measurement, id: &str) -> Markup {
    let unit = measured.unit;
    let trials = Unit::trials(measured.samples.len());
    let name = format!("{} of {}, over {trials}", measured.name, measured.variant);
    let histogram = Histogram::new(&measured.samples, BINS);
    if histogram.counts.len() == 1 {
        return html! { p.quiet { (name) ": always " (unbroken(&unit.format(histogram.low))) } };
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
        Unit::trials(most)
    );
    let axis = Axis::new(unit, low, high);
    let top = 8.0;
    let floor = top + TALLEST;
    Picture {
        id,
        name: &name,
        description: &description,
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
        legend: html! {},
        data: html! {
            thead { tr {
                th scope="col" { "from" } th scope="col" { "to" } th scope="col" { "trials" }
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
    }
    .frame()
}

fn bars(shown: &[&Measurement], id: &str) -> Markup {
    let name = format!("{}, median and range", shown[0].name);
    let most = shown.iter().map(|m| m.max).fold(0.0, f64::max);
    let part = |value: f64| if most > 0.0 { value / most } else { 0.0 };
    let medians: Vec<_> =
        shown.iter().map(|m| format!("{} {}", m.variant, m.unit.format(m.median))).collect();
    let description = format!("Bars of the median {}: {}.", shown[0].name, medians.join("; "));
    Picture {
        id,
        name: &name,
        description: &description,
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
        legend: html! {},
        data: html! {
            thead { tr {
                th scope="col" { "variant" } th scope="col" { "median" }
                th scope="col" { "smallest" } th scope="col" { "largest" } th scope="col" { "trials" }
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
    .frame()
}

/// A picture and what belongs to it.
pub(crate) struct Picture<'a> {
    /// Unique in the book.
    pub id: &'a str,
    /// What it shows, in a few words.
    pub name: &'a str,
    /// What there is to see, for those who do not see it.
    pub description: &'a str,
    /// In pixels.
    pub height: f64,
    /// How many characters stand left of it.
    pub gutter: usize,
    /// The elements of the SVG.
    pub drawing: Markup,
    /// What its signs mean, if they need it.
    pub legend: Markup,
    /// Head and body of the table of its data.
    pub data: Markup,
}

impl Picture<'_> {
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
                    div.scroll { table { caption { (name) } (self.data) } }
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
}

impl Axis {
    /// From `low` at the left to `high` at the right, in `unit`.
    pub fn new(unit: Unit, low: f64, high: f64) -> Axis {
        Axis { unit, low, high }
    }

    /// Where `value` is, as a part of the width.
    pub fn part(&self, value: f64) -> f64 {
        if self.high > self.low { (value - self.low) / (self.high - self.low) } else { 0.0 }
    }

    /// Round values, from three to eight.
    pub fn values(&self) -> Vec<f64> {
        let span = self.high - self.low;
        if span <= 0.0 {
            return vec![self.low];
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

    /// The words under it, in one scale, with the unit at the last.
    pub fn ticks(&self, y: f64) -> Markup {
        let scale = self.unit.scale(self.high);
        let values = self.values();
        html! {
            @for (index, &value) in values.iter().enumerate() {
                @let part = self.part(value);
                @let anchor = match part {
                    p if p < 0.04 => "start",
                    p if p > 0.93 => "end",
                    _ => "middle",
                };
                // A phone has room for every second of many; the last has the unit.
                @let spare = values.len() > 4 && (values.len() - index).is_multiple_of(2);
                text.tick.spare[spare] x=(percent(part)) y=(round(y)) text-anchor=(anchor) {
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
    fn a_chart_of_what_was_not_measured_is_an_error() {
        let chart = Chart::Bars { measurement: "heat".to_owned() };
        let error = render(&crate::tests::report(), &chart, "id").unwrap_err();
        assert_eq!(error, "the record of `race_condition` has bars of heat, not measured");
    }
}
