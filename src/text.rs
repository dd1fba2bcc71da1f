//! A report for people at a terminal of 80 columns.

use crate::claim::Verdict;
use crate::experiment::Experiment;
use crate::options::Options;
use crate::quantity::Unit;
use crate::report::{Chart, Machine, Measurement, Report, Setting, State, Timeline, Trials};
use crate::statistics::Histogram;

const WIDTH: usize = 80;
/// Columns in which a timeline or a histogram is drawn.
const DRAWN: usize = 56;

/// What stands above a run: the question and the setting.
pub(crate) fn heading(experiment: &Experiment, options: &Options) -> String {
    let settings = experiment.settings(options);
    let settings = settings.iter().filter_map(Setting::describe);
    let settings: Vec<_> = settings.chain([Unit::trials(options.trials)]).collect();
    format!(
        "{}\n{}\n\n",
        wrap(&format!("{}: {}", experiment.name, experiment.question), ""),
        wrap(&settings.join(", "), "")
    )
}

/// What stands below it: tables, pictures, claims, and where to read on.
pub(crate) fn findings(experiment: &Experiment, report: &Report) -> String {
    let mut text = table(&report.measurements);
    for chart in &report.charts {
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str(&draw(chart, &report.measurements));
    }
    if let Some(timeline) = &report.timeline {
        text.push('\n');
        text.push_str(&lanes(timeline));
    }
    for twin in &report.twins {
        text.push_str(&format!("\nPython {}\n{}", twin.python, table(&twin.measurements)));
        for chart in report.charts.iter().filter(|chart| chart.draws(&twin.measurements)) {
            text.push_str(&draw(chart, &twin.measurements));
        }
    }
    text.push('\n');
    for claim in &report.claims {
        let sentence = format!("{} {:<9} {}", Verdict::mark(claim.verdict), claim.kind, claim.text);
        text.push_str(&wrap(&sentence, &" ".repeat(12)));
        let evidence = match claim.verdict {
            Some(Verdict::Holds) | None => claim.evidence.clone(),
            Some(verdict) => format!("{verdict}: {}", claim.evidence),
        };
        text.push('\n');
        text.push_str(&wrap(&format!("{}{evidence}", " ".repeat(12)), &" ".repeat(12)));
        text.push('\n');
    }
    text.push_str(&format!(
        "\n{}\n{}\n",
        wrap(&machine(&report.machine, report.trials), ""),
        wrap(
            &format!(
                "Read on: chapter {} in `cargo run`, or book/{}.md.",
                experiment.chapter.rsplit('/').next().unwrap_or_default(),
                experiment.chapter
            ),
            ""
        ),
    ));
    text
}

fn machine(machine: &Machine, trials: Trials) -> String {
    let mut line = format!(
        "{} cores of {}, {}, rustc {} ({})",
        machine.cores, machine.cpu, machine.os, machine.rustc, machine.profile
    );
    if trials.set_aside > 0 {
        line.push_str(&format!(
            "; {} of {} trials set aside, other programs were busy",
            trials.set_aside, trials.run
        ));
    }
    line
}

/// A row for each variant, a column for each quantity, as many columns side
/// by side as fit.
pub fn table(measurements: &[Measurement]) -> String {
    let mut variants: Vec<&str> = Vec::new();
    let mut quantities: Vec<&str> = Vec::new();
    // What was swept is drawn as lines.
    let measurements: Vec<_> = measurements.iter().filter(|m| m.at.is_none()).collect();
    if measurements.is_empty() {
        return String::new();
    }
    for measured in &measurements {
        if !variants.contains(&measured.variant.as_str()) {
            variants.push(&measured.variant);
        }
        if !quantities.contains(&measured.name.as_str()) {
            quantities.push(&measured.name);
        }
    }
    let column = |quantity: &str| -> Vec<String> {
        let cells = variants.iter().map(|variant| {
            measurements
                .iter()
                .find(|m| m.name == quantity && m.variant == *variant)
                .map_or(String::new(), |m| m.unit.format_range(m.median, m.min, m.max))
        });
        [quantity.to_owned()].into_iter().chain(cells).collect()
    };
    let first = ["variant"].iter().chain(&variants).map(|name| (*name).to_owned()).collect();
    side_by_side(first, quantities.into_iter().map(column))
}

/// The columns behind `first`, as many as fit; the others below, behind `first` again.
fn side_by_side(first: Vec<String>, others: impl Iterator<Item = Vec<String>>) -> String {
    let mut text = String::new();
    let mut columns = vec![first.clone()];
    for next in others {
        let taken: usize = columns.iter().chain([&next]).map(|column| 2 + width(column)).sum();
        if taken - 2 > WIDTH && columns.len() > 1 {
            text.push_str(&rows(&columns));
            text.push('\n');
            columns = vec![first.clone()];
        }
        columns.push(next);
    }
    text.push_str(&rows(&columns));
    text
}

fn rows(columns: &[Vec<String>]) -> String {
    let mut text = String::new();
    for row in 0..columns[0].len() {
        let cells = columns.iter().map(|column| format!("{:<1$}", column[row], width(column)));
        let line = cells.collect::<Vec<_>>().join("  ");
        text.push_str(line.trim_end());
        text.push('\n');
        if row == 0 {
            let line = columns.iter().map(|column| 2 + width(column)).sum::<usize>() - 2;
            text.push_str(&"─".repeat(line.min(WIDTH)));
            text.push('\n');
        }
    }
    text
}

fn width(column: &[String]) -> usize {
    column.iter().map(|cell| cell.chars().count()).max().unwrap_or(0)
}

fn draw(chart: &Chart, measurements: &[Measurement]) -> String {
    match chart {
        Chart::Histogram { measurement, variant } => measurements
            .iter()
            .find(|m| m.name == *measurement && m.variant == *variant)
            .map_or(String::new(), histogram),
        Chart::Bars { measurement } => {
            let shown: Vec<_> = measurements.iter().filter(|m| m.name == *measurement).collect();
            bars(&shown)
        }
        Chart::Lines { measurement, across, unit, .. } => {
            let shown: Vec<_> =
                measurements.iter().filter(|m| m.name == *measurement && m.at.is_some()).collect();
            let median = |m: &Measurement| m.unit.format(m.median);
            format!("{measurement} by {across}, median\n{}", grid(&shown, across, *unit, median))
        }
        Chart::Map { measurement, across, unit } => {
            let shown: Vec<_> =
                measurements.iter().filter(|m| m.name == *measurement && m.at.is_some()).collect();
            let fastest = |at| {
                let there = shown.iter().filter(|m| m.at == at);
                there.min_by(|one, other| one.median.total_cmp(&other.median))
            };
            let behind = |m: &Measurement| match fastest(m.at).and_then(|first| m.behind(first)) {
                Some(behind) => Unit::Ratio.format(behind),
                None => "fastest".to_owned(),
            };
            format!(
                "{measurement} by {across}, of the fastest\n{}",
                grid(&shown, across, *unit, behind)
            )
        }
    }
}

fn histogram(measured: &Measurement) -> String {
    const LEVELS: [char; 9] = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    let histogram = Histogram::new(&measured.samples, DRAWN);
    let most = histogram.counts.iter().copied().max().unwrap_or(1);
    // Any sample at all is seen: its bar is rounded up.
    let bars: String =
        histogram.counts.iter().map(|count| LEVELS[(count * 8).div_ceil(most)]).collect();
    let [low, high] = [histogram.low, histogram.high].map(|edge| measured.unit.format(edge));
    let title = format!(
        "{} of {}, {}",
        measured.name,
        measured.variant,
        Unit::samples(measured.samples.len())
    );
    if histogram.counts.len() == 1 {
        return format!("{title}: all {low}\n");
    }
    let gap = DRAWN.saturating_sub(low.chars().count() + high.chars().count());
    format!("{title}\n{bars}\n{}\n{low}{}{high}\n", "─".repeat(DRAWN), " ".repeat(gap))
}

fn bars(measured: &[&Measurement]) -> String {
    let Some(first) = measured.first() else { return String::new() };
    let most = measured.iter().map(|m| m.median).fold(0.0, f64::max);
    let names = measured.iter().map(|m| m.variant.chars().count()).max().unwrap_or(0);
    let mut text = format!("{}, median\n", first.name);
    for m in measured {
        let length = if most > 0.0 { (m.median / most * 40.0).round() as usize } else { 0 };
        let bar = "█".repeat(length.max(1));
        text.push_str(&format!("{:<names$}  {bar} {}\n", m.variant, m.unit.format(m.median)));
    }
    text
}

/// A row for each point of the axis, a column for each variant.
fn grid(
    swept: &[&Measurement],
    across: &str,
    unit: Unit,
    cell: impl Fn(&Measurement) -> String,
) -> String {
    let mut points: Vec<f64> = swept.iter().filter_map(|m| m.at).collect();
    points.sort_by(f64::total_cmp);
    points.dedup();
    let mut variants: Vec<&str> = Vec::new();
    for measured in swept {
        if !variants.contains(&measured.variant.as_str()) {
            variants.push(&measured.variant);
        }
    }
    let column = |variant: &str| {
        let cells = points.iter().map(|&point| {
            let at = swept.iter().find(|m| m.variant == variant && m.at == Some(point));
            at.map_or(String::new(), |m| cell(m))
        });
        [variant.to_owned()].into_iter().chain(cells).collect()
    };
    let points = points.iter().map(|&point| unit.format_point(point));
    let first = [across.to_owned()].into_iter().chain(points).collect();
    side_by_side(first, variants.into_iter().map(column))
}

/// One row for each lane, all on one axis.
fn lanes(timeline: &Timeline) -> String {
    let end = timeline
        .lanes
        .iter()
        .flat_map(|lane| lane.spans.iter().map(|&(_, end, _)| end))
        .fold(0.0, f64::max);
    let label = |lane: &crate::report::Lane| format!("{} {}", lane.variant, lane.name);
    let names =
        timeline.lanes.iter().map(|lane| label(lane).chars().count()).max().unwrap_or(0).min(22);

    let mut text = String::new();
    for lane in &timeline.lanes {
        let row = (0..DRAWN).map(|column| {
            let [left, right] = [column, column + 1].map(|edge| edge as f64 * end / DRAWN as f64);
            main_state(&lane.spans, left, right).map_or(' ', sign)
        });
        let row: String = row.collect();
        let name: String = label(lane).chars().take(names).collect();
        text.push_str(format!("{name:<names$} {row}").trim_end());
        text.push('\n');
    }
    let high = Unit::Seconds.format(end);
    let gap = DRAWN.saturating_sub(1 + high.chars().count());
    text.push_str(&format!("{:names$} 0{}{high}\n", "", " ".repeat(gap)));
    let legend = [
        (State::Running, "running"),
        (State::Waiting, "waiting"),
        (State::Blocked, "blocked on a lock"),
    ];
    let used = legend.iter().filter(|(state, _)| {
        timeline.lanes.iter().any(|lane| lane.spans.iter().any(|span| span.2 == *state))
    });
    let used: Vec<_> = used.map(|&(state, name)| format!("{} {name}", sign(state))).collect();
    text.push_str(&format!("{:names$} {}\n", "", used.join("   ")));
    text
}

/// What a worker did most of the time between `left` and `right`.
fn main_state(spans: &[(f64, f64, State)], left: f64, right: f64) -> Option<State> {
    let spent = |state| {
        let within = spans.iter().filter(|span| span.2 == state);
        within.map(|&(start, end, _)| (end.min(right) - start.max(left)).max(0.0)).sum::<f64>()
    };
    let states = [State::Running, State::Blocked, State::Waiting];
    let (state, time) =
        states.map(|state| (state, spent(state))).into_iter().max_by(|a, b| a.1.total_cmp(&b.1))?;
    let idle = (right - left) - states.iter().map(|&state| spent(state)).sum::<f64>();
    (time > 0.0 && time >= idle).then_some(state)
}

fn sign(state: State) -> char {
    match state {
        State::Running => '█',
        State::Waiting => '─',
        State::Blocked => '▒',
    }
}

fn wrap(text: &str, indent: &str) -> String {
    let options = textwrap::Options::new(WIDTH)
        .subsequent_indent(indent)
        .word_separator(textwrap::WordSeparator::AsciiSpace);
    textwrap::fill(text, options)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{Lane, Scale};

    #[test]
    fn a_table_too_wide_for_the_terminal_is_continued_below() {
        let measurements: Vec<_> = ["wall time", "CPU time", "voluntary switches", "lost", "bytes"]
            .iter()
            .map(|name| Measurement::new(name, "load, store", Unit::Seconds, vec![1.0, 2.0, 3.0]))
            .collect();
        let text = table(&measurements);
        assert!(text.lines().all(|line| line.chars().count() <= WIDTH), "{text}");
        assert_eq!(text.lines().filter(|line| line.starts_with("variant")).count(), 2, "{text}");
    }

    #[test]
    fn what_was_swept_has_a_row_for_each_point() {
        let measured = |variant, at: f64, value| {
            Measurement::new("round trip", variant, Unit::Seconds, vec![value]).at(Some(at))
        };
        let swept = [
            measured("pipe", 4096.0, 3e-6),
            measured("pipe", 64.0, 2e-6),
            measured("socket", 64.0, 5e-6),
        ];
        assert_eq!(table(&swept), "");
        let chart = Chart::Lines {
            measurement: "round trip".to_owned(),
            across: "size".to_owned(),
            unit: Unit::Bytes,
            scales: (Scale::Logarithmic, Scale::Linear),
        };
        assert_eq!(
            draw(&chart, &swept),
            "round trip by size, median\n\
             size   pipe     socket\n\
             ───────────────────────\n\
             64 B   2.00 µs  5.00 µs\n\
             4 KiB  3.00 µs\n"
        );
    }

    #[test]
    fn a_map_tells_who_was_fastest_and_does_not_where_ranges_overlap() {
        let measured = |variant, samples: &[f64]| {
            Measurement::new("computing", variant, Unit::Seconds, samples.to_vec()).at(Some(10.0))
        };
        let swept = [
            measured("threads", &[1.0, 1.1, 1.2]),
            measured("tasks", &[1.2, 1.3, 1.4]),
            measured("one by one", &[2.0, 2.2, 2.4]),
        ];
        let chart = Chart::Map {
            measurement: "computing".to_owned(),
            across: "jobs".to_owned(),
            unit: Unit::Count,
        };
        assert_eq!(
            draw(&chart, &swept),
            "computing by jobs, of the fastest\n\
             jobs  threads  tasks    one by one\n\
             ──────────────────────────────────\n\
             10    fastest  fastest  2.00 ×\n"
        );
    }

    #[test]
    fn a_lane_shows_its_states_where_they_were() {
        let timeline = Timeline {
            unit: "s".to_owned(),
            lanes: vec![Lane {
                variant: "threads".to_owned(),
                name: "worker 1".to_owned(),
                spans: vec![(0.0, 1.0, State::Running), (1.0, 2.0, State::Waiting)],
            }],
        };
        let text = lanes(&timeline);
        assert!(text.starts_with("threads worker 1 ████"), "{text}");
        assert!(text.contains("█───"), "{text}");
        assert!(text.contains("2.00 s"), "{text}");
        assert!(!text.contains("blocked"), "{text}");
    }

    #[test]
    fn a_histogram_shows_a_single_sample_in_any_bin() {
        let mut samples = vec![10.0; 100];
        samples.push(0.0);
        let text = histogram(&Measurement::new("final value", "mutex", Unit::Count, samples));
        assert!(text.contains('▁') && text.contains('█'), "{text}");
    }
}
