//! Quantities, their units, and how a value is written for people.

use serde::{Deserialize, Serialize};

/// Something that is measured in every trial of a variant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quantity {
    /// Its name: the head of a column.
    pub name: &'static str,
    /// The unit of its samples.
    pub unit: Unit,
}

impl Quantity {
    /// A duration in seconds.
    pub const fn seconds(name: &'static str) -> Quantity {
        Quantity { name, unit: Unit::Seconds }
    }

    /// A plain count.
    pub const fn count(name: &'static str) -> Quantity {
        Quantity { name, unit: Unit::Count }
    }

    /// A size in bytes.
    pub const fn bytes(name: &'static str) -> Quantity {
        Quantity { name, unit: Unit::Bytes }
    }

    /// A part of a whole, from 0 to 1.
    pub const fn share(name: &'static str) -> Quantity {
        Quantity { name, unit: Unit::Share }
    }

    /// How many times as much.
    pub const fn ratio(name: &'static str) -> Quantity {
        Quantity { name, unit: Unit::Ratio }
    }

    /// Bytes in a second.
    pub const fn bytes_per_second(name: &'static str) -> Quantity {
        Quantity { name, unit: Unit::BytesPerSecond }
    }

    /// Events in a second.
    pub const fn per_second(name: &'static str) -> Quantity {
        Quantity { name, unit: Unit::PerSecond }
    }
}

/// The unit of a sample. SI, or a plain number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Unit {
    /// Seconds.
    #[serde(rename = "s")]
    Seconds,
    /// Bytes.
    #[serde(rename = "B")]
    Bytes,
    /// A plain count.
    #[serde(rename = "count")]
    Count,
    /// One value divided by another of its kind.
    #[serde(rename = "ratio")]
    Ratio,
    /// A part of a whole, from 0 to 1.
    #[serde(rename = "share")]
    Share,
    /// Events in a second.
    #[serde(rename = "1/s")]
    PerSecond,
    /// Bytes in a second.
    #[serde(rename = "B/s")]
    BytesPerSecond,
}

impl Unit {
    /// `value` for people, to three figures: `1.30 ms`, `143 208`, `28 %`.
    pub fn format(self, value: f64) -> String {
        let scale = self.scale(value);
        join(scale.format(value), scale.symbol)
    }

    /// A point of an axis: as any value, but `4 KiB` where it is a power of two.
    pub fn format_point(self, value: f64) -> String {
        let power = (value as u64).is_power_of_two() && value >= 1024.0 && value.fract() == 0.0;
        match self {
            Unit::Bytes if power && value >= 1024.0 * 1024.0 => {
                format!("{} MiB", value / 1024.0 / 1024.0)
            }
            Unit::Bytes if power => format!("{} KiB", value / 1024.0),
            _ => self.format(value),
        }
    }

    /// `1 trial`, `50 trials`.
    pub fn trials(count: usize) -> String {
        let noun = if count == 1 { "trial" } else { "trials" };
        format!("{} {noun}", Unit::Count.format(count as f64))
    }

    /// `1 sample`, `50 samples`: a trial may leave several of one quantity.
    pub fn samples(count: usize) -> String {
        let noun = if count == 1 { "sample" } else { "samples" };
        format!("{} {noun}", Unit::Count.format(count as f64))
    }

    /// Median and range in one scale: `1.30 ms (1.21 – 2.04)`, or the one
    /// value where all are the same to the eye.
    pub fn format_range(self, median: f64, min: f64, max: f64) -> String {
        let scale = self.scale(median);
        let [middle, low, high] = [median, min, max].map(|value| scale.format(value));
        if low == high {
            join(middle, scale.symbol)
        } else {
            format!("{} ({low} – {high})", join(middle, scale.symbol))
        }
    }

    /// The scale in which `value` reads best.
    pub fn scale(self, value: f64) -> Scale {
        let size = value.abs();
        let (factor, symbol) = match self {
            Unit::Seconds if size == 0.0 || size >= 0.9995 => (1.0, "s"),
            Unit::Seconds if size >= 0.9995e-3 => (1e3, "ms"),
            Unit::Seconds if size >= 0.9995e-6 => (1e6, "µs"),
            Unit::Seconds => (1e9, "ns"),
            Unit::Bytes if size >= 0.9995e9 => (1e-9, "GB"),
            Unit::Bytes if size >= 0.9995e6 => (1e-6, "MB"),
            Unit::Bytes if size >= 0.9995e3 => (1e-3, "kB"),
            Unit::BytesPerSecond if size >= 0.9995e9 => (1e-9, "GB/s"),
            Unit::BytesPerSecond if size >= 0.9995e6 => (1e-6, "MB/s"),
            Unit::BytesPerSecond if size >= 0.9995e3 => (1e-3, "kB/s"),
            Unit::BytesPerSecond => (1.0, "B/s"),
            Unit::Bytes => {
                return Scale { factor: 1.0, symbol: "B", whole: true };
            }
            Unit::Count => {
                return Scale { factor: 1.0, symbol: "", whole: true };
            }
            Unit::PerSecond if size >= 0.9995e6 => (1e-6, "M/s"),
            Unit::PerSecond => {
                return Scale { factor: 1.0, symbol: "/s", whole: true };
            }
            Unit::Ratio => (1.0, "×"),
            Unit::Share => (100.0, "%"),
        };
        Scale { factor, symbol, whole: false }
    }
}

/// A unit with its prefix.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scale {
    /// What a value is multiplied by before it is written.
    pub factor: f64,
    /// What is written behind it.
    pub symbol: &'static str,
    whole: bool,
}

impl Scale {
    /// The value in this scale, without the symbol.
    pub fn format(self, value: f64) -> String {
        // Adding zero turns a negative zero, as the sum of no numbers is, into zero.
        let scaled = value * self.factor + 0.0;
        let size = scaled.abs();
        let decimals = match size {
            _ if self.whole && scaled == scaled.round() => 0,
            _ if size >= 99.95 || size == 0.0 => 0,
            _ if size >= 9.995 => 1,
            _ => 2,
        };
        group(&format!("{scaled:.decimals$}"))
    }
}

fn join(number: String, symbol: &str) -> String {
    if symbol.is_empty() { number } else { format!("{number} {symbol}") }
}

/// Sets a space between groups of three digits, from five digits on.
fn group(number: &str) -> String {
    let (whole, fraction) = match number.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (number, None),
    };
    let (sign, digits) = match whole.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", whole),
    };
    let mut grouped = String::from(sign);
    for (place, digit) in digits.chars().enumerate() {
        if digits.len() > 4 && place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push(' ');
        }
        grouped.push(digit);
    }
    if let Some(fraction) = fraction {
        grouped.push('.');
        grouped.push_str(fraction);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_read_well_in_every_unit() {
        for (unit, value, text) in [
            (Unit::Seconds, 3.0, "3.00 s"),
            (Unit::Seconds, 0.9996, "1.00 s"),
            (Unit::Seconds, 0.001_304, "1.30 ms"),
            (Unit::Seconds, 0.000_143, "143 µs"),
            (Unit::Seconds, 0.0, "0 s"),
            (Unit::Seconds, -0.0, "0 s"),
            (Unit::Count, 200_000.0, "200 000"),
            (Unit::Count, 9_592.0, "9592"),
            (Unit::Count, 2.5, "2.50"),
            (Unit::Bytes, 512.0, "512 B"),
            (Unit::Bytes, 1_500_000.0, "1.50 MB"),
            (Unit::Ratio, 2.987, "2.99 ×"),
            (Unit::Share, 0.28, "28.0 %"),
            (Unit::PerSecond, 161_000.0, "161 000 /s"),
            (Unit::PerSecond, 220_337_522.0, "220 M/s"),
            (Unit::BytesPerSecond, 2_340_000_000.0, "2.34 GB/s"),
            (Unit::BytesPerSecond, 12_500.0, "12.5 kB/s"),
            (Unit::Count, -12_345.0, "-12 345"),
        ] {
            assert_eq!(unit.format(value), text);
        }
    }

    #[test]
    fn a_size_that_is_a_power_of_two_is_a_round_number() {
        for (value, text) in
            [(64.0, "64 B"), (4096.0, "4 KiB"), (1_048_576.0, "1 MiB"), (5000.0, "5.00 kB")]
        {
            assert_eq!(Unit::Bytes.format_point(value), text);
        }
        assert_eq!(Unit::Count.format_point(4096.0), "4096");
    }

    #[test]
    fn a_range_shares_the_scale_of_its_median() {
        assert_eq!(Unit::Seconds.format_range(1.5e-3, 0.9e-3, 12e-3), "1.50 ms (0.90 – 12.0)");
        assert_eq!(Unit::Count.format_range(200_000.0, 200_000.0, 200_000.0), "200 000");
    }
}
