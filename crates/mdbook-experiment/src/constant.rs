//! Numbers that the programs are written with, where the text speaks of them.

use std::path::{Component, Path};
use std::sync::LazyLock;

use maud::html;
use regex::Regex;
use taking_turns::quantity::Unit;

use crate::value::{self, Datum, Format};

static CONSTANT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?m)^\s*(?:pub(?:\(\w+\))? )?const (\w+): [\w:]+ = ([^;]+);")
        .expect("a regular expression")
});
static DURATION: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^Duration::from_(secs|millis|micros|nanos)\(([\d_]+)\)$")
        .expect("a regular expression")
});

/// The constant `name` of the source `file`, which lies below `root`, as a
/// part of a sentence.
pub(crate) fn render(
    root: &Path,
    file: &str,
    name: &str,
    format: Option<Format>,
) -> Result<String, String> {
    let plain = |part| matches!(part, Component::Normal(_));
    if !Path::new(file).components().all(plain) || !file.ends_with(".rs") {
        return Err(format!("`{file}` is no source file of this repository"));
    }
    let text = std::fs::read_to_string(root.join(file))
        .map_err(|error| format!("cannot read `{file}`: {error}"))?;
    let datum = find(&text, name).map_err(|what| format!("`{file}` has {what}"))?;
    let written = write(&datum, format)?;
    let title = format!("{name} in {file}");
    Ok(html! { data.value value=(written) title=(title) { (written) } }.into_string())
}

/// For people, and exact: 10 % and not 10.0 %.
fn write(datum: &Datum, format: Option<Format>) -> Result<String, String> {
    let written = match (datum, format) {
        (_, Some(format)) => datum.format(format)?,
        (Datum::Number { value, unit: Unit::Ratio, .. }, None) => value.to_string(),
        (_, None) => datum.format(Format::Whole)?,
    };
    Ok(value::unbroken(&written).replace(".0\u{a0}", "\u{a0}"))
}

/// The value of the constant `name` in a source `text`, or what there is instead.
fn find(text: &str, name: &str) -> Result<Datum, String> {
    let found: Vec<&str> = CONSTANT
        .captures_iter(text)
        .filter(|captures| &captures[1] == name)
        .filter_map(|captures| captures.get(2))
        .map(|value| value.as_str())
        .collect();
    if found.is_empty() {
        return Err(format!("no constant `{name}`"));
    }
    // Another system may have one that is no number.
    match &found.iter().filter_map(|value| read(value)).collect::<Vec<_>>()[..] {
        [datum] => Ok(datum.clone()),
        [] => Err(format!("`{name} = {}`, which is no number or duration", found[0])),
        _ => Err(format!("several constants `{name}`")),
    }
}

/// A duration, a whole number or another.
fn read(value: &str) -> Option<Datum> {
    let number = |value, unit| Some(Datum::Number { value, unit, noun: String::new() });
    if let Some(captures) = DURATION.captures(value) {
        let parts: f64 = captures[2].replace('_', "").parse().ok()?;
        let in_a_second = match &captures[1] {
            "secs" => 1.0,
            "millis" => 1e3,
            "micros" => 1e6,
            _ => 1e9,
        };
        return number(parts / in_a_second, Unit::Seconds);
    }
    if !value.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let digits = value.replace('_', "");
    let unit = if digits.contains('.') { Unit::Ratio } else { Unit::Count };
    number(digits.parse().ok()?, unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCE: &str = "const EVERY: Duration = Duration::from_millis(5);\n\
        pub const MANY: usize = 65_536;\n    pub(crate) const PART: f64 = 0.10;\n\
        const TWICE: u64 = 1;\nconst TWICE: u64 = 2;\n\
        const HERE: f64 = 0.2;\nconst HERE: f64 = f64::INFINITY;\nconst NAME: usize = MANY;\n";

    #[test]
    fn constants_are_read_with_their_units() {
        for (name, format, written) in [
            ("EVERY", None, "5 ms"),
            ("MANY", None, "65 536"),
            ("PART", Some(Format::Percent), "10 %"),
            ("HERE", None, "0.2"),
        ] {
            let said = write(&find(SOURCE, name).unwrap(), format).unwrap();
            assert_eq!(said, written.replace(' ', "\u{a0}"), "{name}");
        }
    }

    #[test]
    fn what_is_no_single_number_is_refused() {
        assert_eq!(find(SOURCE, "NONE").unwrap_err(), "no constant `NONE`");
        assert_eq!(find(SOURCE, "TWICE").unwrap_err(), "several constants `TWICE`");
        let words = "`NAME = MANY`, which is no number or duration";
        assert_eq!(find(SOURCE, "NAME").unwrap_err(), words);
    }
}
