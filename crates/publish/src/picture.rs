//! The picture of a page for when it is shared: its title, its question, and what was recorded.

use std::borrow::Cow;
use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use maud::{Markup, PreEscaped, html};
use mdbook_experiment::{Picture, line_style};
use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree, fontdb};
use taking_turns::claim::Verdict;
use taking_turns::report::Report;

use crate::about::About;
use crate::cover;

/// In pixels, as those who show such pictures ask for.
pub(crate) const WIDTH: u32 = 1200;
pub(crate) const HEIGHT: u32 = 630;

pub(crate) const MARGIN: f64 = 60.0;
const INNER: f64 = WIDTH as f64 - 2.0 * MARGIN;
/// What is below belongs to the book's name and the command.
const FLOOR: f64 = 548.0;
/// A chart is enlarged, for small previews; one that would be smaller than this is not shown.
const LARGEST: f64 = 1.8;
const SMALLEST: f64 = 0.9;
/// Size of a chart's words in the picture, where the chart has room for it.
const WORDS: f64 = 20.0;
/// Width of a character, as a part of its size.
const CHARACTER: f64 = 0.52;
/// From one line above a chart to the next.
const ROW: f64 = 30.0;

/// The colours of charts, which this takes from the light theme.
const PANEL: &str = include_str!("../../mdbook-experiment/web/panel.css");

const STYLE: &str = r#"
    .chart text { fill: var(--tt-quiet) }
    .chart text.label { fill: var(--tt-text); paint-order: stroke; stroke: var(--tt-surface); stroke-width: 5 }
    .chart text.amount { fill: var(--tt-text) }
    .chart line { stroke: var(--tt-rule); stroke-width: 1 }
    .chart line.axis { stroke: var(--tt-quiet) }
    .chart line.range { stroke: var(--tt-text); stroke-width: 1.5 }
    .chart line.hatch { stroke: var(--tt-text); stroke-width: 2 }
"#;

/// Draws the pictures of all pages.
pub(crate) struct Painter<'a> {
    book: &'a str,
    style: String,
    options: Options<'static>,
}

impl<'a> Painter<'a> {
    /// With fonts of its own, so that a picture is the same on every machine.
    pub fn new(book: &'a str) -> Painter<'a> {
        let mut fonts = fontdb::Database::new();
        for font in typst_assets::fonts() {
            fonts.load_font_source(fontdb::Source::Binary(Arc::new(font)));
        }
        let workers = (1..=8).map(|number| {
            let colour = format!("var(--tt-worker-{number})");
            let own = format!(".worker-{number}");
            format!(
                "{own} {{ fill: {colour} }} {own} .blocked {{ stroke: {colour} }} \
                 .chart {own} line.trace {{ stroke: {colour}; stroke-width: 2 }} \
                 .chart {own} line.spread {{ stroke: {colour} }}\n"
            )
        });
        let options = Options {
            font_family: "Libertinus Serif".to_owned(),
            fontdb: Arc::new(fonts),
            ..Options::default()
        };
        Painter {
            book,
            style: coloured(&(STYLE.to_owned() + &workers.collect::<String>())),
            options,
        }
    }

    /// The picture of `page`, as a PNG.
    pub fn paint(&self, page: &About) -> Result<Vec<u8>> {
        let drawn = self.pixels(&self.draw(page), WIDTH, HEIGHT);
        drawn.with_context(|| format!("cannot draw the picture of `{}`", page.title))
    }

    /// The cover of the e-book, as a PNG.
    pub fn cover(&self, description: &str, authors: &[String]) -> Result<Vec<u8>> {
        let drawn = cover::draw(self.book, description, authors);
        self.pixels(&drawn, cover::WIDTH, cover::HEIGHT).context("cannot draw the cover")
    }

    fn pixels(&self, drawn: &Markup, width: u32, height: u32) -> Result<Vec<u8>> {
        let tree = Tree::from_str(&drawn.0, &self.options)?;
        ensure!(!tree.root().children().is_empty(), "nothing is drawn");
        let mut pixels = Pixmap::new(width, height).context("it is too large")?;
        resvg::render(&tree, Transform::default(), &mut pixels.as_mut());
        Ok(pixels.encode_png()?)
    }

    fn draw(&self, page: &About) -> Markup {
        let title = lines(&page.title, 42);
        let sentence = lines(&page.sentence, 76);
        let under_title = 116.0 + 64.0 * (title.len() as f64 - 1.0);
        let top = under_title + 52.0 + 42.0 * (sentence.len() as f64 - 1.0) + 42.0;
        html! {
            svg xmlns="http://www.w3.org/2000/svg" width=(WIDTH) height=(HEIGHT) {
                style { (PreEscaped(&self.style)) }
                rect width="100%" height="100%" fill=(coloured("var(--tt-surface)")) {}
                g fill=(coloured("var(--tt-text)")) {
                    (paragraph(&title, 116.0, 64.0, "font-size: 60px; font-weight: 600"))
                    (paragraph(&sentence, under_title + 52.0, 42.0, "font-size: 34px; font-style: italic"))
                }
                @match &page.report {
                    Some(report) => (recorded(report, top)),
                    None => (turns(top)),
                }
                (self.signature(page))
            }
        }
    }

    /// Whose picture it is, and how to make the reader's own.
    fn signature(&self, page: &About) -> Markup {
        html! {
            g fill=(coloured("var(--tt-quiet)")) font-size="28" {
                g transform="translate(60 576)" stroke-width="5.5" fill="none" {
                    path d="M0 7h9M17 7h9" stroke=(coloured("var(--tt-worker-1)")) {}
                    path d="M0 17h4M9 17h8" stroke=(coloured("var(--tt-worker-2)")) {}
                }
                text x="98" y="597" font-weight="600" { (self.book) }
                @if let Some(report) = &page.report {
                    text x=(WIDTH as f64 - MARGIN) y="596" text-anchor="end" font-size="23"
                        font-family="DejaVu Sans Mono" { (report.command) }
                }
            }
        }
    }
}

/// A picture of the record, or if there is none, what it claims.
fn recorded(report: &Report, top: f64) -> Markup {
    let picture = mdbook_experiment::picture(report);
    let chart = picture.and_then(|picture| chart(&picture, top));
    chart.unwrap_or_else(|| claims(report, top))
}

/// The chart under its name and its legend, unless it would have to be too small.
fn chart(picture: &Picture, top: f64) -> Option<Markup> {
    let (legend, rows) = legend(&picture.lines);
    let above = 18.0 + ROW * rows as f64;
    let scale = ((FLOOR - top - above) / picture.height).min(LARGEST);
    if scale < SMALLEST {
        return None;
    }
    let size = (WORDS / scale).clamp(14.0, 17.0);
    let gutter = picture.gutter as f64 * size * CHARACTER;
    let width = INNER / scale - gutter;
    Some(html! {
        g.chart transform={ "translate(" (MARGIN) " " (top) ")" } {
            text style="font-size: 23px" { (picture.name) }
            (legend)
            g font-size=(size)
                transform={ "translate(0 " (above) ") scale(" (scale) ")" } {
                svg x=(gutter) width=(width) height=(picture.height) overflow="visible" {
                    (picture.drawing)
                }
            }
        }
    })
}

/// What the lines are called, and in how many rows under the chart's name it is said.
fn legend(names: &[String]) -> (Markup, usize) {
    const SIZE: f64 = 21.0;
    const SIGN: f64 = 52.0;
    let mut places = Vec::new();
    let (mut x, mut row) = (0.0, 1);
    for name in names {
        let width = SIGN + SIZE * CHARACTER * name.chars().count() as f64;
        if x + width > INNER {
            (x, row) = (0.0, row + 1);
        }
        places.push((x, ROW * row as f64));
        x += width + 28.0;
    }
    let drawn = html! {
        @for (number, (name, (x, y))) in names.iter().zip(&places).enumerate() {
            @let (colour, dash) = line_style(number);
            g transform={ "translate(" (x) " " (y) ")" } {
                g.{ "worker-" (colour) } transform="translate(0 -7)" {
                    line.trace x1="0" x2="42" y1="0" y2="0" stroke-dasharray=(dash) {}
                    circle cx="21" cy="0" r="4.5" {}
                }
                text x=(SIGN) style={ "font-size: " (SIZE) "px" } { (name) }
            }
        }
    };
    (drawn, if names.is_empty() { 0 } else { row })
}

/// As many claims that hold as there is room for, the first ones first.
fn claims(report: &Report, top: f64) -> Markup {
    let mut y = top + 20.0;
    let mut shown = Vec::new();
    for claim in report.claims.iter().filter(|claim| claim.verdict == Some(Verdict::Holds)) {
        let text = lines(&claim.text, 84);
        let end = y + 36.0 * text.len() as f64;
        if end > FLOOR + 10.0 {
            break;
        }
        shown.push((y, text));
        y = end + 16.0;
    }
    html! {
        @for (y, text) in &shown {
            path d={ "M" (MARGIN + 2.0) " " (y - 9.0) "l6 7l12 -15" } fill="none" stroke-width="4"
                stroke=(coloured("var(--tt-good)")) {}
            g transform="translate(38 0)" fill=(coloured("var(--tt-text)")) {
                (paragraph(text, *y, 36.0, "font-size: 29px"))
            }
        }
    }
}

/// Two workers who take turns.
fn turns(top: f64) -> Markup {
    let middle = (top + FLOOR) / 2.0;
    let dashes = [
        ("1", middle - 34.0, "150 90 240 60 120 210"),
        ("2", middle + 34.0, "0 150 90 240 60 120 210 0"),
    ];
    html! {
        @for (worker, y, dash) in dashes {
            line x1=(MARGIN) x2=(MARGIN + INNER) y1=(y) y2=(y) stroke-width="34" stroke-dasharray=(dash)
                stroke=(coloured(&format!("var(--tt-worker-{worker})"))) {}
        }
    }
}

pub(crate) fn paragraph(lines: &[String], y: f64, height: f64, style: &str) -> Markup {
    html! {
        @for (number, line) in lines.iter().enumerate() {
            text x=(MARGIN) y=(y + height * number as f64) style=(style) { (line) }
        }
    }
}

/// `text` in lines of at most `most` characters, broken between words.
pub(crate) fn lines(text: &str, most: usize) -> Vec<String> {
    let options = textwrap::Options::new(most)
        .break_words(false)
        .word_separator(textwrap::WordSeparator::AsciiSpace)
        .word_splitter(textwrap::WordSplitter::NoHyphenation);
    textwrap::wrap(text, options).into_iter().map(Cow::into_owned).collect()
}

/// `style` with each variable replaced by what the light theme, the first in the style sheet, says.
pub(crate) fn coloured(style: &str) -> String {
    let theme = PANEL.split('}').next().unwrap_or_default();
    let colours =
        theme.lines().filter_map(|line| line.trim().trim_end_matches(';').split_once(": "));
    colours.fold(style.to_owned(), |style, (name, colour)| {
        style.replace(&format!("var({name})"), colour)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_title_is_broken_between_words() {
        assert_eq!(
            lines("At once, and at the same time", 16),
            ["At once, and at", "the same time"]
        );
        assert_eq!(lines("one", 2), ["one"]);
    }

    #[test]
    fn every_colour_is_one_of_the_light_theme() {
        let style = Painter::new("Taking Turns").style;
        assert!(!style.contains("var("), "{style}");
        assert_eq!(coloured("var(--tt-worker-1)"), "#0072b2");
    }
}
