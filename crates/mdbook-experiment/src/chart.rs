//! Pictures of measurements, as SVG in the page.
//!
//! What lies along is measured in per cent and what lies across in pixels, so
//! that a picture is as wide as the page lets it be and its words stay at the
//! size of words.

mod axis;
mod map;
mod swept;

use maud::{Markup, html};
use taking_turns::quantity::Unit;
use taking_turns::report::{Chart, Measurement, Report};
use taking_turns::statistics::Histogram;

use crate::timeline;
use crate::value::unbroken;

pub(crate) use axis::{Axis, percent, round};
use map::map;
pub use swept::line_style;
pub(crate) use swept::swept_table;
use swept::{Swept, lines};

const BINS: usize = 30;
/// Height of a histogram's tallest column, in pixels.
const TALLEST: f64 = 120.0;
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chart_of_what_was_not_measured_is_an_error() {
        let chart = Chart::Bars { measurement: "heat".to_owned() };
        let error = render(&crate::tests::report(), &chart, "id").unwrap_err();
        assert_eq!(error, "the record of `race_condition` has bars of heat, not measured");
    }
}
