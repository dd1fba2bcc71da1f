//! Who ran when: one lane for each worker, all variants on one axis.

use maud::{Markup, html};
use taking_turns::quantity::Unit;
use taking_turns::report::{Lane, State, Timeline};

use crate::chart::{Axis, Picture, percent, round};
use crate::value::unbroken;

/// Pixels from one lane to the next, and from a lane's top to its bottom.
const LANE: f64 = 22.0;
const THICK: f64 = 14.0;
/// Pixels that a variant's name takes above its lanes.
const HEAD: f64 = 26.0;
/// No span is drawn narrower than this part of the axis: a short one is seen.
const NARROWEST: f64 = 0.002;
/// Colours in `panel.css`.
const COLOURS: usize = 8;
/// With more spans than this, the data are a sum for each lane.
const MOST_SPANS: usize = 60;

const STATES: [(State, &str, &str); 3] = [
    (State::Running, "running", "running"),
    (State::Waiting, "waiting", "waiting"),
    (State::Blocked, "blocked", "blocked on a lock"),
];

/// `timeline` in its frame; `id` is unique in the book.
pub(crate) fn render(timeline: &Timeline, id: &str) -> Markup {
    picture(timeline, id).frame()
}

/// The picture of `timeline`.
pub(crate) fn picture(timeline: &Timeline, id: &str) -> Picture {
    let end =
        timeline.lanes.iter().flat_map(|lane| &lane.spans).map(|span| span.1).fold(0.0, f64::max);
    let axis = Axis::new(Unit::Seconds, 0.0, end);
    let groups: Vec<&[Lane]> = timeline.lanes.chunk_by(|a, b| a.variant == b.variant).collect();
    // Variants of one lane each are named beside it, and take a line less.
    let beside = groups.len() > 1 && groups.iter().all(|group| group.len() == 1);
    let head = if beside { 0.0 } else { HEAD };
    let name: fn(&Lane) -> &str = if beside { |lane| &lane.variant } else { |lane| &lane.name };
    let mut tops = Vec::new();
    let mut floor = 0.0;
    for group in &groups {
        tops.push(floor);
        floor += head + LANE * group.len() as f64;
    }
    floor += 6.0;
    let longest = timeline.lanes.iter().map(|lane| name(lane).chars().count()).max().unwrap_or(0);
    let hatch = format!("{id}-hatch");

    let drawing = html! {
        defs {
            pattern id=(hatch) width="5" height="5" patternUnits="userSpaceOnUse"
                patternTransform="rotate(45)" {
                line.hatch x1="0" x2="0" y1="0" y2="5" {}
            }
        }
        @for value in axis.values() {
            @let x = percent(axis.part(value));
            line.rule x1=(x) x2=(x) y1=(if beside { 0 } else { 20 }) y2=(floor) {}
        }
        @for (group, &top) in groups.iter().zip(&tops) {
            @if !beside {
                text.label x="0" y=(round(top + 17.0)) { (group[0].variant) }
            }
            @for (row, lane) in group.iter().enumerate() {
                @let y = top + head + LANE * row as f64;
                text.tick x="-8" y=(round(y + 11.0)) text-anchor="end" { (name(lane)) }
                g.{ "worker-" (row % COLOURS + 1) } {
                    @for span in &lane.spans { (bar(span, y, &axis, &hatch)) }
                }
            }
        }
        line.axis x1="0" x2="100%" y1=(floor) y2=(floor) {}
        (axis.ticks(floor + 17.0))
    };
    Picture {
        id: id.to_owned(),
        name: "who ran when".to_owned(),
        description: describe(&groups, end),
        height: floor + 24.0,
        gutter: longest.min(16) + 2,
        drawing,
        lines: Vec::new(),
        legend: legend(timeline, end),
        data: data(timeline),
    }
}

fn bar(&(start, end, state): &(f64, f64, State), y: f64, axis: &Axis, hatch: &str) -> Markup {
    let width = (axis.part(end) - axis.part(start)).max(NARROWEST);
    let (x, width) = (percent(axis.part(start).min(1.0 - width)), percent(width));
    html! {
        @match state {
            State::Running => rect x=(x) width=(width) y=(round(y)) height=(THICK) {},
            State::Waiting => {
                rect x=(x) width=(width) y=(round(y + THICK / 2.0 - 1.5)) height="3" {}
            }
            State::Blocked => {
                rect.blocked x=(x) width=(width) y=(round(y + 0.5)) height=(THICK - 1.0)
                    fill={ "url(#" (hatch) ")" } {}
            }
        }
    }
}

/// The signs of the states that occur. A gap needs a word too, if there is one.
fn legend(timeline: &Timeline, end: f64) -> Markup {
    let spans = || timeline.lanes.iter().flat_map(|lane| &lane.spans);
    // A gap too narrow to be drawn needs no word.
    let drawn = end / 1000.0;
    let gap = timeline
        .lanes
        .iter()
        .any(|lane| lane.spans.windows(2).any(|pair| pair[0].1 + drawn < pair[1].0));
    html! {
        p.legend {
            @for (state, class, words) in STATES {
                @if spans().any(|span| span.2 == state) {
                    span { span.sign.(class) {} (words) } " "
                }
            }
            @if gap { span { span.sign {} "switched out" } }
        }
    }
}

fn describe(groups: &[&[Lane]], end: f64) -> String {
    let variants: Vec<_> = groups
        .iter()
        .map(|group| {
            let ends = group.iter().flat_map(|lane| &lane.spans).map(|span| span.1);
            let last = ends.fold(0.0, f64::max);
            let lanes = group.len();
            let noun = if lanes == 1 { "lane" } else { "lanes" };
            format!("{}, {lanes} {noun}, ends at {}", group[0].variant, Unit::Seconds.format(last))
        })
        .collect();
    format!("Timeline of {}: {}.", Unit::Seconds.format(end), variants.join("; "))
}

fn data(timeline: &Timeline) -> Markup {
    let spans: usize = timeline.lanes.iter().map(|lane| lane.spans.len()).sum();
    let time = |seconds: f64| unbroken(&Unit::Seconds.format(seconds));
    if spans > MOST_SPANS {
        return html! {
            thead { tr {
                th scope="col" { "variant" } th scope="col" { "worker" }
                @for (_, _, words) in STATES { th scope="col" { (words) } }
            } }
            tbody {
                @for lane in &timeline.lanes {
                    tr {
                        th scope="row" { (lane.variant) } td { (lane.name) }
                        @for (state, _, _) in STATES {
                            @let within = lane.spans.iter().filter(|span| span.2 == state);
                            td { (time(within.map(|span| span.1 - span.0).sum())) }
                        }
                    }
                }
            }
        };
    }
    html! {
        thead { tr {
            th scope="col" { "variant" } th scope="col" { "worker" } th scope="col" { "state" }
            th scope="col" { "from" } th scope="col" { "to" }
        } }
        tbody {
            @for lane in &timeline.lanes {
                @for &(start, end, state) in &lane.spans {
                    tr {
                        th scope="row" { (lane.variant) } td { (lane.name) }
                        td { (STATES.iter().find(|known| known.0 == state).map_or("", |known| known.2)) }
                        td { (time(start)) } td { (time(end)) }
                    }
                }
            }
        }
    }
}
