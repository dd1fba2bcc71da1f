//! An experiment in a page: complete without JavaScript.

use maud::{Markup, PreEscaped, html};
use taking_turns::quantity::Unit;
use taking_turns::report::{Machine, Measurement, Report, Setting, Trials};
use taking_turns::statistics::median;

use crate::value::{day, sentence, unbroken};
use crate::{chart, claims, timeline};

/// The panel of `report`. Fails if the record contradicts itself.
pub(crate) fn render(report: &Report) -> Result<Markup, String> {
    let name = &report.experiment;
    let charts = (1..)
        .zip(&report.charts)
        .map(|(number, chart)| chart::render(report, chart, &format!("{name}-chart-{number}")))
        .collect::<Result<Vec<_>, _>>()?;
    let settings = report.parameters.iter().filter_map(Setting::describe);
    let settings: Vec<_> =
        settings.chain([Unit::trials(report.trials.run)]).map(|text| unbroken(&text)).collect();
    Ok(html! {
        section.panel id=(name) aria-label={ "Experiment " (name) } {
            header {
                p.panel-name { a href={ "#" (name) } { code { (name) } } " " (sentence(&report.question)) }
                p.command { code { "$ " span.typed { (report.command) } } }
                p.settings { (settings.join("\u{a0}· ")) }
            }
            (tables(&report.measurements, "Recorded measurements"))
            @for chart in &charts { (chart) }
            @if let Some(recorded) = &report.timeline {
                (timeline::render(recorded, &format!("{name}-timeline")))
            }
            @if !report.claims.is_empty() { (claims::of_panel(report)) }
            @if !report.twins.is_empty() {
                div.twins {
                    // The newest is read; what others did is there for whoever wants it.
                    @for (place, twin) in report.twins.iter().enumerate() {
                        @let heading = format!("Python {}", twin.python);
                        details open[place + 1 == report.twins.len()] {
                            summary { (heading) }
                            (tables(&twin.measurements, &heading))
                            @for chart in &report.charts {
                                @if let Some(swept) = chart::swept_table(chart, &twin.measurements) {
                                    (swept)
                                }
                            }
                        }
                    }
                }
            }
            footer {
                p.machine { (machine(&report.machine, report.trials)) }
                // A script adds what takes a report of the reader's own.
                details.own-run data-experiment=(name) {
                    summary { "your own run" }
                    p { "In a terminal, from a clone of this book:" }
                    p.command { code { "$ " span.typed { (report.command) } } }
                    p { "Other parameters are listed by" }
                    p.command {
                        code { "$ " span.typed { "cargo run --example " (name) " -- --help" } }
                    }
                    script.recorded type="application/json" { (PreEscaped(data(report))) }
                }
            }
        }
    })
}

/// The record, to be set beside the reader's own, without the samples of which a
/// page draws no histogram: those of twins and of what was swept. No `<` is left
/// in it, so that no text in a record can end the element.
fn data(report: &Report) -> String {
    let mut report = report.clone();
    for measured in &mut report.measurements {
        shorten(measured);
        if measured.at.is_some() {
            measured.samples.clear();
        }
    }
    for measured in report.twins.iter_mut().flat_map(|twin| &mut twin.measurements) {
        shorten(measured);
        measured.samples.clear();
    }
    let data = serde_json::to_string(&report).expect("a report has string keys");
    data.replace('<', "\\u003c")
}

/// A page shows three digits of a number. Nine are enough to draw it, and half as
/// long as all.
fn shorten(measured: &mut Measurement) {
    let nine = |value: f64| format!("{value:.8e}").parse().unwrap_or(value);
    measured.samples.iter_mut().for_each(|sample| *sample = nine(*sample));
    // Of an even number of samples it lies between two.
    measured.median = median(&measured.samples);
    (measured.min, measured.max) = (nine(measured.min), nine(measured.max));
}

/// The measurements in tables, but for what was swept: that is drawn as lines.
fn tables(measurements: &[Measurement], name: &str) -> Markup {
    let measurements: Vec<_> = measurements.iter().filter(|m| m.at.is_none()).collect();
    if measurements.is_empty() {
        return html! {};
    }
    html! {
        div.scroll role="group" aria-label=(name) {
            @for measurements in apart(&measurements) { (table(&measurements)) }
        }
    }
}

/// Variants that share no quantity with each other stand apart: in one table most
/// of their cells would be empty.
fn apart<'a>(measurements: &[&'a Measurement]) -> Vec<Vec<&'a Measurement>> {
    let mut tables: Vec<Vec<usize>> = Vec::new();
    for (number, measured) in measurements.iter().enumerate() {
        let akin = |table: &[usize]| {
            let mut others = table.iter().map(|&other| measurements[other]);
            others.any(|other| other.variant == measured.variant || other.name == measured.name)
        };
        let at = tables.iter().position(|table| akin(table)).unwrap_or(tables.len());
        let mut joined: Vec<_> = tables.extract_if(at.., |table| akin(table)).flatten().collect();
        joined.push(number);
        joined.sort_unstable();
        tables.insert(at, joined);
    }
    let table = |numbers: Vec<usize>| numbers.iter().map(|&number| measurements[number]).collect();
    tables.into_iter().map(table).collect()
}

/// A row for each variant, a column for each quantity, in the order in which
/// they were first measured.
fn table(measurements: &[&Measurement]) -> Markup {
    let mut variants: Vec<&str> = Vec::new();
    let mut quantities: Vec<&str> = Vec::new();
    for measured in measurements {
        if !variants.contains(&measured.variant.as_str()) {
            variants.push(&measured.variant);
        }
        if !quantities.contains(&measured.name.as_str()) {
            quantities.push(&measured.name);
        }
    }
    let cell = |variant: &str, quantity: &str| {
        measurements.iter().find(|m| m.variant == variant && m.name == quantity)
    };
    html! {
        table.results {
            thead {
                tr {
                    th scope="col" { "variant" }
                    @for quantity in &quantities { th scope="col" { (quantity) } }
                }
            }
            tbody {
                @for variant in &variants {
                    tr {
                        th scope="row" { (variant) }
                        @for quantity in &quantities {
                            td data-head=(quantity) {
                                @if let Some(measured) = cell(variant, quantity) {
                                    (summary(measured))
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// The median, and its range set apart.
pub(crate) fn summary(measured: &Measurement) -> Markup {
    let text = measured.unit.format_range(measured.median, measured.min, measured.max);
    html! {
        @match text.split_once(" (") {
            Some((median, range)) => {
                (unbroken(median)) " " span.range { "(" (unbroken(range)) }
            }
            None => (unbroken(&text)),
        }
    }
}

fn machine(machine: &Machine, trials: Trials) -> Markup {
    html! {
        "recorded " time datetime=(machine.recorded) { (unbroken(day(&machine.recorded))) }
        " · " (Unit::Count.format(machine.cores as f64)) " cores of " (machine.cpu)
        ", " (machine.os) " · rustc " (machine.rustc) " (" (machine.profile) ")"
        @if trials.set_aside > 0 {
            " · " (trials.set_aside) " of " (Unit::trials(trials.run))
            " set aside, other programs were busy"
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// For each table, quantity and variant of all that stands in it.
    fn stand(measured: &[(&str, &str)]) -> Vec<Vec<(String, String)>> {
        let measurement =
            |&(name, variant): &(_, _)| Measurement::new(name, variant, Unit::Count, vec![1.0]);
        let measurements: Vec<_> = measured.iter().map(measurement).collect();
        let tables = apart(&measurements.iter().collect::<Vec<_>>());
        let named = |measured: &Measurement| (measured.name.clone(), measured.variant.clone());
        tables.iter().map(|table| table.iter().map(|measured| named(measured)).collect()).collect()
    }

    #[test]
    fn variants_that_share_no_quantity_stand_apart() {
        let tables = stand(&[("time", "a"), ("stuck", "c"), ("lost", "a"), ("time", "b")]);
        let sizes: Vec<_> = tables.iter().map(Vec::len).collect();
        assert_eq!(sizes, [3, 1], "{tables:?}");
        assert_eq!(tables[1][0].1, "c");
    }

    #[test]
    fn what_two_tables_share_makes_them_one_in_the_order_measured() {
        let measured = [("time", "a"), ("lost", "b"), ("time", "c"), ("lost", "a")];
        let together = stand(&measured)[0].iter().map(|(_, v)| v.clone()).collect::<Vec<_>>();
        assert_eq!(together, ["a", "b", "c", "a"]);
    }
}
