//! The cover of the e-book: its title, and four workers who first take turns, and then run side by
//! side.

use maud::{Markup, html};

use crate::picture::{self, coloured, lines, paragraph};

/// In pixels, as those who sell and show e-books ask for.
pub(crate) const WIDTH: u32 = 1600;
pub(crate) const HEIGHT: u32 = 2560;

const MARGIN: f64 = 150.0;
/// The first lane, and from one to the next.
const LANES: f64 = 1080.0;
const LANE: f64 = 120.0;

/// Who runs, one after the other, and for how long. One core has no two at a time.
const TURNS: [(usize, f64); 11] = [
    (0, 60.0),
    (1, 100.0),
    (2, 50.0),
    (3, 110.0),
    (1, 60.0),
    (0, 120.0),
    (3, 50.0),
    (2, 110.0),
    (0, 40.0),
    (1, 70.0),
    (3, 28.0),
];
/// A little after the last turn: from here all run at the same time.
const TOGETHER: f64 = MARGIN + 820.0;
const LENGTHS: [f64; 4] = [410.0, 330.0, 480.0, 370.0];

pub(crate) fn draw(title: &str, description: &str, authors: &[String]) -> Markup {
    let words: Vec<_> = title.split(' ').map(str::to_owned).collect();
    html! {
        svg xmlns="http://www.w3.org/2000/svg" width=(WIDTH) height=(HEIGHT) {
            rect width="100%" height="100%" fill=(coloured("var(--tt-surface)")) {}
            g fill=(coloured("var(--tt-text)"))
                transform={ "translate(" (MARGIN - picture::MARGIN) " 0)" } {
                (paragraph(&words, 480.0, 330.0, "font-size: 340px; font-weight: 600"))
                (paragraph(&lines(description, 34), 1830.0, 104.0, "font-size: 84px; font-style: italic"))
                (paragraph(&[authors.join(", ")], 2410.0, 0.0, "font-size: 58px"))
            }
            @for worker in 0..LENGTHS.len() { (lane(worker)) }
        }
    }
}

/// Thin while the worker waits, and solid while it runs.
fn lane(worker: usize) -> Markup {
    let mut runs = Vec::new();
    let mut at = MARGIN;
    for (who, length) in TURNS {
        if who == worker {
            runs.push((at, length));
        }
        at += length;
    }
    runs.push((TOGETHER, LENGTHS[worker]));
    let y = LANES + LANE * worker as f64;
    html! {
        g fill=(coloured(&format!("var(--tt-worker-{})", worker + 1))) {
            rect x=(MARGIN) y=(y - 3.0) width=(TOGETHER - MARGIN) height="6" {}
            @for (x, length) in runs {
                rect x=(x) y=(y - 36.0) width=(length) height="72" {}
            }
        }
    }
}
