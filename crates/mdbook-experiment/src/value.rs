//! Numbers of a record, found by a path and written for people.

use maud::{Markup, PreEscaped, html};
use taking_turns::claim::Verdict;
use taking_turns::quantity::Unit;
use taking_turns::report::{Measurement, Report, Twin};

/// `PATH`, or `PATH / PATH`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Expression<'a> {
    path: &'a str,
    over: Option<&'a str>,
}

/// What is found at the end of a path.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Datum {
    /// A number; `noun` is what a parameter counts.
    Number { value: f64, unit: Unit, noun: String },
    /// Words.
    Text(String),
}

/// How a number is written, where its unit's own way will not do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    /// Without unit.
    Plain,
    /// As a whole number.
    Whole,
    /// In seconds.
    Seconds,
    /// In milliseconds.
    Milliseconds,
    /// In microseconds.
    Microseconds,
    /// In parts of a hundred.
    Percent,
}

impl Format {
    const WORDS: [(&str, Format); 7] = [
        ("plain", Format::Plain),
        ("whole", Format::Whole),
        ("s", Format::Seconds),
        ("ms", Format::Milliseconds),
        ("µs", Format::Microseconds),
        ("us", Format::Microseconds),
        ("%", Format::Percent),
    ];

    /// Reads a format's word.
    pub fn parse(word: &str) -> Result<Format, String> {
        let known = Format::WORDS.iter().find(|(known, _)| *known == word);
        known.map(|(_, format)| *format).ok_or_else(|| {
            format!("there is no format `{word}`; there are plain, whole, s, ms, µs, %")
        })
    }

    fn word(self) -> &'static str {
        Format::WORDS.iter().find(|(_, format)| *format == self).map_or("", |(word, _)| word)
    }
}

impl<'a> Expression<'a> {
    /// Reads an expression at the start of `words`; returns it and the rest.
    pub fn parse<'w>(words: &'w [&'a str]) -> Option<(Expression<'a>, &'w [&'a str])> {
        match words {
            [path, "/", over, rest @ ..] => Some((Expression { path, over: Some(over) }, rest)),
            ["/", ..] | [] | [_, "/"] => None,
            [path, rest @ ..] => Some((Expression { path, over: None }, rest)),
        }
    }

    /// Its value in `report`. The error says what there is instead.
    pub fn evaluate(self, report: &Report) -> Result<Datum, String> {
        let datum = find(report, self.path)?;
        let Some(over) = self.over else { return Ok(datum) };
        let divisor = find(report, over)?;
        match (&datum, &divisor) {
            (Datum::Number { value, unit, .. }, Datum::Number { value: by, unit: of, .. })
                if unit == of && *by != 0.0 =>
            {
                Ok(Datum::Number { value: value / by, unit: Unit::Ratio, noun: String::new() })
            }
            _ => Err(format!(
                "`{}` / `{over}` is no ratio: {} / {}",
                self.path,
                datum.written(),
                divisor.written()
            )),
        }
    }

    /// As it was typed.
    pub fn written(self) -> String {
        match self.over {
            Some(over) => format!("{} / {over}", self.path),
            None => self.path.to_owned(),
        }
    }
}

impl Datum {
    fn count(value: usize) -> Datum {
        Datum::Number { value: value as f64, unit: Unit::Count, noun: String::new() }
    }

    /// For people, in its unit's own way.
    pub fn written(&self) -> String {
        match self {
            Datum::Number { value, unit, noun } => {
                format!("{} {noun}", unit.format(*value)).trim_end().to_owned()
            }
            Datum::Text(text) => text.clone(),
        }
    }

    /// For people, in the way of `format`. Fails where it does not apply.
    pub fn format(&self, format: Format) -> Result<String, String> {
        let wrong = || format!("`{}` cannot be written as `{}`", self.written(), format.word());
        let Datum::Number { value, unit, .. } = *self else { return Err(wrong()) };
        // A duration of each size, to get the scale of that size.
        let in_scale_of = |size: f64| {
            if unit != Unit::Seconds {
                return Err(wrong());
            }
            let scale = unit.scale(size);
            Ok(join(scale.format(value), scale.symbol))
        };
        match format {
            Format::Plain => Ok(unit.scale(value).format(value)),
            Format::Whole => {
                let scale = unit.scale(value);
                let whole = Unit::Count.format((value * scale.factor).round());
                Ok(join(whole, scale.symbol))
            }
            Format::Seconds => in_scale_of(1.0),
            Format::Milliseconds => in_scale_of(1e-3),
            Format::Microseconds => in_scale_of(1e-6),
            Format::Percent if matches!(unit, Unit::Share | Unit::Ratio) => {
                Ok(Unit::Share.format(value))
            }
            Format::Percent => Err(wrong()),
        }
    }
}

fn join(number: String, symbol: &str) -> String {
    format!("{number} {symbol}").trim_end().to_owned()
}

/// The value of `expression` as a part of a sentence.
pub(crate) fn render(
    report: &Report,
    expression: Expression,
    format: Option<Format>,
) -> Result<Markup, String> {
    let datum = expression.evaluate(report)?;
    let (raw, written) = match (&datum, format) {
        (Datum::Number { value, .. }, None) => (value.to_string(), unbroken(&datum.written())),
        (Datum::Number { value, .. }, Some(format)) => {
            (value.to_string(), unbroken(&datum.format(format)?))
        }
        (Datum::Text(text), None) => (text.clone(), text.clone()),
        (Datum::Text(_), Some(format)) => return Err(datum.format(format).unwrap_err()),
    };
    let title = format!(
        "{}, recorded {}: {}",
        report.experiment,
        day(&report.machine.recorded),
        expression.written()
    );
    Ok(html! { data.value value=(raw) title=(title) { (plain(&written)) } })
}

/// The date of a time in RFC 3339.
pub(crate) fn day(time: &str) -> &str {
    time.split('T').next().unwrap_or(time)
}

/// `text` with its spaces made unbreakable.
pub(crate) fn unbroken(text: &str) -> String {
    text.replace(' ', "\u{a0}")
}

/// What a number is not parted from.
const UNITS: [&str; 12] = ["%", "×", "/s", "s", "ms", "µs", "ns", "B", "kB", "MB", "KiB", "MiB"];

/// Sentences in which names of code stand between backticks.
pub(crate) fn prose(text: &str) -> Markup {
    html! {
        @for (place, part) in text.split('`').enumerate() {
            @if place % 2 == 1 { code { (part) } } @else { (sentence(part)) }
        }
    }
}

/// `text` with the apostrophes that mdBook sets in Markdown: those between letters.
fn apostrophes(text: &str) -> String {
    let parts: Vec<&str> = text.split('\'').collect();
    let mut set = parts[0].to_owned();
    for pair in parts.windows(2) {
        let inside =
            pair[0].ends_with(char::is_alphabetic) && pair[1].starts_with(char::is_alphabetic);
        set.push(if inside { '’' } else { '\'' });
        set.push_str(pair[1]);
    }
    set
}

/// A sentence of a report with its numbers, and their units, made unbreakable.
pub(crate) fn sentence(text: &str) -> String {
    let text = apostrophes(text);
    let mut sentence = String::new();
    for word in text.split_inclusive(' ') {
        let digits = word.chars().take_while(char::is_ascii_digit).count();
        let unit = word.trim_end().trim_end_matches([',', ';', '.', ':', ')']);
        let continues = (digits == 3 || UNITS.contains(&unit))
            && sentence.trim_end().ends_with(|c: char| c.is_ascii_digit());
        if continues && sentence.ends_with(' ') {
            sentence.pop();
            sentence.push('\u{a0}');
        }
        sentence.push_str(word);
    }
    sentence
}

/// `text` with whatever Markdown could take for its own written as entities.
fn plain(text: &str) -> PreEscaped<String> {
    let mut safe = String::new();
    for character in text.chars() {
        if character.is_ascii_punctuation() && !".,:;%/()-".contains(character) {
            safe.push_str(&format!("&#{};", character as u32));
        } else {
            safe.push(character);
        }
    }
    PreEscaped(safe)
}

/// A name as it is written in a path: letters and digits, small, and one hyphen
/// for all that is between them.
pub(crate) fn kebab(name: &str) -> String {
    let name = name.to_lowercase();
    let words: Vec<_> =
        name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    words.join("-")
}

fn find(report: &Report, path: &str) -> Result<Datum, String> {
    let parts: Vec<&str> = path.split('.').collect();
    let text = |text: &str| Ok(Datum::Text(text.to_owned()));
    let machine = &report.machine;
    match parts[..] {
        ["recorded"] => text(day(&machine.recorded)),
        ["trials", "run"] => Ok(Datum::count(report.trials.run)),
        ["trials", "set_aside"] => Ok(Datum::count(report.trials.set_aside)),
        ["machine", "cores"] => Ok(Datum::count(machine.cores)),
        ["machine", "cpu"] => text(&machine.cpu),
        ["machine", "os"] => text(&machine.os),
        ["machine", "rustc"] => text(&machine.rustc),
        ["machine", "profile"] => text(&machine.profile),
        ["parameter", name] => parameter(report, name),
        ["claim", id, what @ ("evidence" | "verdict")] => {
            let names = || report.claims.iter().map(|claim| claim.id.clone());
            let claim = report
                .claims
                .iter()
                .find(|claim| claim.id == id)
                .ok_or_else(|| unknown(report, "claim", id, names()))?;
            match what {
                "evidence" => text(&sentence(&claim.evidence)),
                _ => {
                    text(&claim.verdict.as_ref().map_or("observed".to_owned(), Verdict::to_string))
                }
            }
        }
        [first, ..] if first.starts_with("python-") => {
            let (twin, rest) = twin(report, &path["python-".len()..])?;
            match rest.split('.').collect::<Vec<_>>()[..] {
                [""] => text(&twin.python),
                [quantity, ref variant @ .., statistic] if !variant.is_empty() => {
                    let variant = variant.join(".");
                    measured(report, &twin.measurements, quantity, &variant, statistic)
                }
                _ => Err(shape(path)),
            }
        }
        // A point of an axis may have a point in its middle: `@0.5`.
        [quantity, ref variant @ .., statistic] if !variant.is_empty() => {
            measured(report, &report.measurements, quantity, &variant.join("."), statistic)
        }
        _ => Err(shape(path)),
    }
}

fn shape(path: &str) -> String {
    format!(
        "`{path}` is no path into a record: write QUANTITY.VARIANT.median (min, max, n, nonzero), \
         QUANTITY.VARIANT@POINT.median, \
         python-VERSION.QUANTITY.VARIANT.median, parameter.NAME, trials.run, trials.set_aside, \
         claim.ID.evidence (verdict), machine.cores (cpu, os, rustc, profile) or recorded"
    )
}

fn unknown(report: &Report, kind: &str, name: &str, known: impl Iterator<Item = String>) -> String {
    let known: Vec<_> = known.collect();
    let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
    format!("the record of `{}` has no {kind} `{name}`; it has {known}", report.experiment)
}

fn parameter(report: &Report, name: &str) -> Result<Datum, String> {
    let names = || report.parameters.iter().map(|setting| kebab(&setting.name));
    let setting = report
        .parameters
        .iter()
        .find(|setting| kebab(&setting.name) == name)
        .ok_or_else(|| unknown(report, "parameter", name, names()))?;
    Ok(match &setting.value {
        serde_json::Value::String(text) => Datum::Text(text.clone()),
        serde_json::Value::Null => Datum::Text("not given".to_owned()),
        value => match value.as_f64() {
            Some(value) => Datum::Number { value, unit: Unit::Count, noun: setting.unit.clone() },
            None => Datum::Text(value.to_string()),
        },
    })
}

fn measured(
    report: &Report,
    measurements: &[Measurement],
    quantity: &str,
    variant: &str,
    statistic: &str,
) -> Result<Datum, String> {
    let names = |name: fn(&Measurement) -> &str, of: Option<&str>| {
        let mut names: Vec<String> = Vec::new();
        for measured in measurements {
            let name = kebab(name(measured));
            if of.is_none_or(|of| kebab(&measured.name) == of) && !names.contains(&name) {
                names.push(name);
            }
        }
        names.into_iter()
    };
    if !measurements.iter().any(|measured| kebab(&measured.name) == quantity) {
        return Err(unknown(report, "quantity", quantity, names(|m| &m.name, None)));
    }
    let (name, at) = match variant.split_once('@') {
        Some((name, at)) => (name, Some(at)),
        None => (variant, None),
    };
    let mut lines = measurements
        .iter()
        .filter(|m| kebab(&m.name) == quantity && kebab(&m.variant) == name)
        .peekable();
    if lines.peek().is_none() {
        let known = names(|m| &m.variant, Some(quantity));
        return Err(unknown(report, &format!("{quantity} of variant"), name, known));
    }
    let points = lines.clone().map(|m| m.at.map_or("all".to_owned(), |at| at.to_string()));
    let measured =
        lines.find(|m| m.at.map(|at| at.to_string()).as_deref() == at).ok_or_else(|| {
            let what = format!("{quantity} of {name} at");
            unknown(report, &what, at.unwrap_or("all"), points)
        })?;
    let value = match statistic {
        "median" => measured.median,
        "min" => measured.min,
        "max" => measured.max,
        "n" => return Ok(Datum::count(measured.samples.len())),
        "nonzero" => {
            let nonzero = measured.samples.iter().filter(|sample| **sample != 0.0);
            return Ok(Datum::count(nonzero.count()));
        }
        _ => return Err(format!("`{statistic}` is none of median, min, max, n, nonzero")),
    };
    Ok(Datum::Number { value, unit: measured.unit, noun: String::new() })
}

/// The twin whose version begins `rest`, and what follows it. A free-threaded
/// interpreter is meant only where a `t` ends the version.
fn twin<'a, 'p>(report: &'a Report, rest: &'p str) -> Result<(&'a Twin, &'p str), String> {
    let number = |part: &&str| part.trim_end_matches('t').parse::<u32>().is_ok();
    let parts: Vec<&str> = rest.split('.').take_while(number).collect();
    let version = parts.join(".");
    let rest = rest[version.len()..].trim_start_matches('.');
    let named: Vec<_> =
        report.twins.iter().filter(|twin| is_version(&twin.python, &version)).collect();
    match named[..] {
        [twin] => Ok((twin, rest)),
        [one, other, ..] => {
            Err(format!("`python-{version}` is both {} and {}", one.python, other.python))
        }
        [] => {
            let known = report.twins.iter().map(|twin| format!("python-{}", twin.python));
            Err(unknown(report, "twin", &format!("python-{version}"), known))
        }
    }
}

fn is_version(python: &str, asked: &str) -> bool {
    let split = |version: &str| match version.strip_suffix('t') {
        Some(number) => (number.to_owned() + ".", true),
        None => (version.to_owned() + ".", false),
    };
    let ((python, threaded), (asked, wanted)) = (split(python), split(asked));
    threaded == wanted && python.starts_with(&asked)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::report;

    fn text(path: &str) -> Result<String, String> {
        let words: Vec<_> = path.split_whitespace().collect();
        let (expression, rest) = Expression::parse(&words).unwrap();
        assert!(rest.is_empty(), "{rest:?}");
        expression.evaluate(&report()).map(|datum| datum.written())
    }

    #[test]
    fn a_number_is_not_parted_from_its_unit() {
        for (written, unbroken) in [
            ("lost 100 000 of 1 000 000", "lost 100~000 of 1~000~000"),
            ("1.02 × (0.99 – 1.03), 5 of 5 quiet", "1.02~× (0.99 – 1.03), 5 of 5 quiet"),
            ("95.1 %, then 2.05 B + 16.4 kB.", "95.1~%, then 2.05~B + 16.4~kB."),
            ("3 schedules, a ms", "3 schedules, a ms"),
            ("the kernel's 'x' of jobs' 5 s", "the kernel’s 'x' of jobs' 5~s"),
        ] {
            assert_eq!(sentence(written).replace('\u{a0}', "~"), unbroken);
        }
    }

    #[test]
    fn paths_lead_to_values() {
        for (path, value) in [
            ("final-value.load-store.median", "150 000"),
            ("final-value.load-store.n", "3"),
            ("python-3.11.lost.counter-1.nonzero", "1"),
            ("wall-time.mutex.min", "4.00 ms"),
            ("round-trip.pipe@4096.median", "5.00 µs"),
            ("round-trip.socket@64.median / round-trip.pipe@64.median", "1.33 ×"),
            ("wall-time.mutex.median / wall-time.load-store.median", "4.00 ×"),
            ("parameter.increments", "100 000"),
            ("parameter.wait", "250 ms"),
            ("trials.run", "3"),
            ("claim.mutex-exact.verdict", "holds"),
            ("claim.losses-seen.verdict", "observed"),
            ("machine.cores", "2"),
            ("recorded", "2026-11-20"),
            ("python-3.11", "3.11.7"),
            ("python-3.11.7", "3.11.7"),
            ("python-3.13", "3.13.0"),
            ("python-3.13t", "3.13.0t"),
            ("python-3.11.final-value.counter-1.max", "200 000"),
        ] {
            assert_eq!(text(path).as_deref(), Ok(value), "{path}");
        }
    }

    #[test]
    fn a_path_that_leads_nowhere_says_what_there_is() {
        for (path, error) in [
            ("final.mutex.median", "no quantity `final`; it has final-value, wall-time, round"),
            ("final-value.locks.median", "no final-value of variant `locks`; it has load-store"),
            ("round-trip.pipe@65.min", "no round-trip of pipe at `65`; it has 64, 4096"),
            ("round-trip.pipe.min", "no round-trip of pipe at `all`; it has 64, 4096"),
            ("final-value.mutex@1.min", "no final-value of mutex at `1`; it has all"),
            ("final-value.mutex.mean", "`mean` is none of median, min, max, n, nonzero"),
            ("parameter.sleep", "no parameter `sleep`; it has increments, wait"),
            ("claim.none.evidence", "no claim `none`; it has mutex-exact, losses-seen"),
            ("python-3.9.final-value.lock.median", "no twin `python-3.9`; it has python-3.11.7"),
            ("python-3", "`python-3` is both 3.11.7 and 3.13.0"),
            ("machine", "`machine` is no path into a record"),
            ("machine.os / trials.run", "is no ratio"),
            ("final-value.mutex.median / wall-time.mutex.median", "is no ratio"),
        ] {
            let found = text(path).unwrap_err();
            assert!(found.contains(error), "{path}: {found}");
        }
    }

    #[test]
    fn a_format_replaces_the_units_own_way() {
        let number = |value, unit| Datum::Number { value, unit, noun: String::new() };
        for (datum, format, text) in [
            (number(1.5, Unit::Seconds), "ms", "1500 ms"),
            (number(1.5e-3, Unit::Seconds), "µs", "1500 µs"),
            (number(0.25, Unit::Seconds), "s", "0.25 s"),
            (number(0.25, Unit::Seconds), "plain", "250"),
            (number(2.987, Unit::Ratio), "whole", "3 ×"),
            (number(0.284, Unit::Share), "whole", "28 %"),
            (number(0.284, Unit::Ratio), "%", "28.4 %"),
        ] {
            assert_eq!(datum.format(Format::parse(format).unwrap()).as_deref(), Ok(text));
        }
        assert!(number(1.0, Unit::Count).format(Format::Seconds).is_err());
        assert!(Datum::Text("holds".to_owned()).format(Format::Plain).is_err());
    }

    #[test]
    fn names_become_paths() {
        assert_eq!(kebab("load, store"), "load-store");
        assert_eq!(kebab("counter += 1"), "counter-1");
        assert_eq!(kebab("CPU time"), "cpu-time");
    }

    #[test]
    fn numbers_in_a_sentence_are_not_broken() {
        assert_eq!(sentence("add 1 200 000 in 3 runs"), "add 1\u{a0}200\u{a0}000 in 3 runs");
    }

    #[test]
    fn markdown_takes_no_part_of_a_value() {
        assert_eq!(plain("a_b *c* <d>").0, "a&#95;b &#42;c&#42; &#60;d&#62;");
    }
}
