//! An axis along the page, and the words under it.

use maud::{Markup, html};
use taking_turns::quantity::Unit;
use taking_turns::report::Scale;

use crate::value::unbroken;

/// The narrowest that a picture's field is on a screen and on a phone, in pixels.
const FIELDS: [f64; 2] = [480.0, 190.0];
/// Width of a character under an axis, and of the gap between words, in pixels.
const CHARACTER: f64 = 8.0;
const GAP: f64 = 8.0;

/// A word under a field, and at which part of the width.
type Word = (f64, String);

/// An axis along the page.
#[derive(Clone, Copy)]
pub(crate) struct Axis {
    pub(super) unit: Unit,
    pub(super) low: f64,
    pub(super) high: f64,
    pub(super) scale: Scale,
}

/// Where a word is held that stands at a part of the width.
type Anchor = fn(f64) -> &'static str;

/// So that it stays within.
fn within(part: f64) -> &'static str {
    match part {
        p if p < 0.04 => "start",
        p if p > 0.93 => "end",
        _ => "middle",
    }
}

/// So that it stands under its point, where there is room at both sides of the field.
fn under(_: f64) -> &'static str {
    "middle"
}

/// Of words in pixels: a point and a space are half as long as a digit.
fn length(words: &str) -> f64 {
    let parts = words.chars().map(|c| if matches!(c, '.' | '\u{a0}') { 0.5 } else { 1.0 });
    parts.sum::<f64>() * CHARACTER
}

/// Which words stand under a field of `width` pixels without touching: the
/// last, and from there to the left as many as there is room for.
fn with_room(words: &[Word], width: f64, anchor: Anchor) -> Vec<bool> {
    let mut free = f64::INFINITY;
    let mut stand: Vec<bool> = words
        .iter()
        .rev()
        .map(|(part, words)| {
            let long = length(words);
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

/// The same, of words that are equally far apart: all, every second, every
/// fourth, and so on.
fn every_with_room(words: &[Word], width: f64, anchor: Anchor) -> Vec<bool> {
    let last = words.len().saturating_sub(1);
    let mut step = 1;
    loop {
        let stands = |place: usize| (last - place).is_multiple_of(step);
        let kept = words.iter().enumerate().filter(|(place, _)| stands(*place));
        let kept: Vec<_> = kept.map(|(_, word)| word.clone()).collect();
        if with_room(&kept, width, anchor).into_iter().all(|stands| stands) {
            return (0..words.len()).map(stands).collect();
        }
        step *= 2;
    }
}

/// Words under a field, each at a part of its width, with their feet at `y`:
/// those that `room` leaves on a screen, of which a phone has some to spare.
fn set(
    words: &[Word],
    y: f64,
    room: fn(&[Word], f64, Anchor) -> Vec<bool>,
    anchor: Anchor,
) -> Markup {
    let [screen, phone] = FIELDS.map(|width| room(words, width, anchor));
    html! {
        @for (place, (part, words)) in words.iter().enumerate().filter(|(place, _)| screen[*place]) {
            text.tick.spare[!phone[place]] x=(percent(*part)) y=(round(y)) text-anchor=(anchor(*part)) {
                (words)
            }
        }
    }
}

impl Axis {
    /// From `low` at the left to `high` at the right, in `unit`.
    pub fn new(unit: Unit, low: f64, high: f64) -> Axis {
        Axis { unit, low, high, scale: Scale::Linear }
    }

    /// It goes on to a round value, so that nothing is beyond the last: but not for a whole power
    /// of ten.
    pub fn up_to_round(mut self) -> Axis {
        if self.scale == Scale::Logarithmic {
            let beyond = Axis { high: self.high * 2.5, ..self };
            let next = beyond.values().into_iter().find(|value| *value >= self.high * 0.999);
            self.high = next.unwrap_or(self.high);
            return self;
        }
        // A longer axis may have longer steps, and has them soon.
        while self.low < self.high
            && let Some(last) = self.values().last().copied()
            && last < self.high * 0.999
        {
            self.high = last + self.step();
        }
        self
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
        let step = self.step();
        let first = (self.low / step).ceil() as i64;
        let last = (self.high / step + 1e-9).floor() as i64;
        (first..=last).map(|n| n as f64 * step).collect()
    }

    /// The largest round step that is made three times at least.
    fn step(&self) -> f64 {
        let most = (self.high - self.low) / 3.0;
        let magnitude = 10f64.powf(most.log10().floor());
        let steps = [5.0, 2.0, 1.0].map(|step| step * magnitude);
        steps.into_iter().find(|step| *step <= most).unwrap_or(magnitude)
    }

    /// Powers of ten, and where these are few, their halves and fifths too.
    fn decades(&self) -> Vec<f64> {
        let first = self.low.log10().floor() as i32;
        let last = self.high.log10().ceil() as i32;
        let steps: &[f64] = if last - first > 3 { &[1.0] } else { &[1.0, 2.0, 5.0] };
        let values =
            (first..=last).flat_map(|power| steps.iter().map(move |step| step * 10f64.powi(power)));
        let on_it = |value: &f64| (self.low * 0.999..=self.high * 1.001).contains(value);
        values.filter(on_it).collect()
    }

    /// The round values with their words: on a linear axis all in one scale.
    pub fn words(&self) -> Vec<(f64, String)> {
        let one = self.unit.scale(self.high);
        let written = |value: f64| match self.scale {
            Scale::Linear => format!("{} {}", one.format(value), one.symbol).trim_end().to_owned(),
            Scale::Logarithmic => self.unit.format(value),
        };
        self.values().into_iter().map(|value| (value, written(value))).collect()
    }

    /// The round values under it, in one scale, with the unit at the last.
    pub fn ticks(&self, y: f64) -> Markup {
        let scale = self.unit.scale(self.high);
        let mut words: Vec<_> = self
            .values()
            .into_iter()
            .map(|value| (self.part(value), unbroken(&scale.format(value))))
            .collect();
        if let Some((_, last)) = words.last_mut()
            && !scale.symbol.is_empty()
        {
            *last += &format!("\u{a0}{}", scale.symbol);
        }
        set(&words, y, every_with_room, within)
    }

    /// `points` under it, wherever they are.
    pub fn points(&self, points: &[f64], y: f64) -> Markup {
        let words: Vec<_> = points
            .iter()
            .map(|&point| (self.part(point), unbroken(&self.unit.format_point(point))))
            .collect();
        set(&words, y, with_room, under)
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
    fn nothing_is_beyond_the_last_round_value() {
        let high =
            |low, high, scale| Axis { unit: Unit::Count, low, high, scale }.up_to_round().high;
        let cases =
            [(12.2, 14.0), (1.88, 2.0), (1179.0, 1200.0), (14.9, 20.0), (3.0, 3.0), (0.0, 0.0)];
        for (most, expected) in cases {
            assert_eq!(high(0.0, most, Scale::Linear), expected);
        }
        for (most, expected) in [(12.2, 20.0), (190.0, 200.0), (1900.0, 1900.0), (10.0, 10.0)] {
            assert_eq!(high(1.0, most, Scale::Logarithmic), expected);
        }
    }

    #[test]
    fn words_under_an_axis_do_not_touch_and_the_last_always_stands() {
        let words = [(0.0, "10 %"), (0.9, "90 %"), (1.0, "99 %")];
        let words = words.map(|(part, words)| (part, words.to_owned()));
        assert_eq!(with_room(&words, 1000.0, within), [true, true, true]);
        assert_eq!(with_room(&words, 420.0, under), [true, true, true]);
        assert_eq!(with_room(&words, 420.0, within), [true, false, true]);
        assert_eq!(with_room(&words, 300.0, under), [true, false, true]);
        assert_eq!(with_room(&words, 30.0, within), [false, false, true]);
    }

    #[test]
    fn round_values_under_an_axis_stay_equally_far_apart() {
        let words: Vec<_> = ["0", "0.50", "1.00", "1.50", "2.00 s"].map(str::to_owned).into();
        let words: Vec<_> = (0..5).map(|n| f64::from(n) / 4.0).zip(words).collect();
        assert_eq!(every_with_room(&words, 480.0, within), [true; 5]);
        assert_eq!(with_room(&words, 220.0, within), [true, true, true, false, true]);
        assert_eq!(every_with_room(&words, 220.0, within), [true, false, true, false, true]);
        assert_eq!(every_with_room(&words, 30.0, within), [false, false, false, false, true]);
        assert_eq!(every_with_room(&[], 30.0, within), [false; 0]);
    }
}
