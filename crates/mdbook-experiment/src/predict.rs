//! A question that is answered before the result is shown.
//!
//! ```text
//! {{#predict id="lost-update"}}
//! Where does the counter end?
//! - [when final-value.load-store.median == 200000 in race_condition] At 200 000. ::
//!   It would if each addition were one step.
//! - [when final-value.load-store.median < 200000 in race_condition] Below. ::
//!   Updates are lost.
//! {{/predict}}
//! ```
//!
//! Which option is right is never typed: each says when it would be, and in
//! the record exactly one must be. What follows `::` is its explanation.

use std::ops::Range;
use std::sync::LazyLock;

use regex::{Captures, Regex};
use taking_turns::report::Report;

use crate::value::{Datum, Expression};

static OPTION: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?m)^- \[(?P<when>[^\]]*)\]\s*").expect("a regular expression"));

/// A question and its options, as parts of a page.
#[derive(Debug, PartialEq)]
pub(crate) struct Prediction<'a> {
    /// Bytes of the question.
    pub question: Range<usize>,
    /// At least two.
    pub options: Vec<Choice<'a>>,
}

/// One option.
#[derive(Debug, PartialEq)]
pub(crate) struct Choice<'a> {
    /// Bytes of what is offered.
    pub text: Range<usize>,
    /// The experiment whose record decides.
    pub experiment: &'a str,
    /// What must be true of it.
    pub condition: Condition<'a>,
    /// Where the condition is written.
    pub at: usize,
    /// Bytes of what is said once it is chosen.
    pub explanation: Range<usize>,
}

/// Comparisons that must all hold.
#[derive(Debug, PartialEq)]
pub(crate) struct Condition<'a>(Vec<(Expression<'a>, Comparison, Operand<'a>)>);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Comparison {
    Less,
    AtMost,
    Equal,
    Unequal,
    AtLeast,
    More,
}

#[derive(Debug, PartialEq)]
enum Operand<'a> {
    /// In SI units.
    Number(f64),
    /// A path or a ratio of two, or a text to compare with a text.
    Expression(Expression<'a>),
}

/// Reads the bytes `body` of `text`. An error comes with its place.
pub(crate) fn parse(text: &str, body: Range<usize>) -> Result<Prediction<'_>, (usize, String)> {
    let starts: Vec<_> = OPTION.captures_iter(&text[body.clone()]).collect();
    if starts.len() < 2 {
        let message = "a `predict` needs two options, lines with `- [when PATH < NUMBER in NAME]`";
        return Err((body.start, message.to_owned()));
    }
    let whole = |option: &Captures| {
        let range = option.get(0).expect("the whole match").range();
        body.start + range.start..body.start + range.end
    };
    let question = trim(text, body.start..whole(&starts[0]).start);
    if question.is_empty() {
        return Err((body.start, "a `predict` needs a question".to_owned()));
    }
    let mut options = Vec::new();
    for (index, option) in starts.iter().enumerate() {
        let at = whole(option);
        let end = starts.get(index + 1).map_or(body.end, |next| whole(next).start);
        let when = option.name("when").expect("not optional").as_str();
        let (condition, experiment) = when
            .strip_prefix("when ")
            .and_then(|when| when.rsplit_once(" in "))
            .ok_or_else(|| (at.start, format!("`[{when}]` is not `[when CONDITION in NAME]`")))?;
        let needs = || (at.start, "an option needs its explanation, after ` :: `".to_owned());
        let (choice, _) = text[at.end..end].split_once("::").ok_or_else(needs)?;
        let explanation = trim(text, at.end + choice.len() + 2..end);
        if explanation.is_empty() {
            return Err(needs());
        }
        options.push(Choice {
            text: trim(text, at.end..at.end + choice.len()),
            experiment: experiment.trim(),
            condition: Condition::parse(condition).map_err(|message| (at.start, message))?,
            at: at.start,
            explanation,
        });
    }
    Ok(Prediction { question, options })
}

fn trim(text: &str, range: Range<usize>) -> Range<usize> {
    let part = &text[range.clone()];
    let start = range.start + (part.len() - part.trim_start().len());
    start..start + part.trim().len()
}

impl<'a> Condition<'a> {
    fn parse(text: &'a str) -> Result<Condition<'a>, String> {
        let words: Vec<&str> = text.split_whitespace().collect();
        let clauses = words.split(|word| *word == "and").map(|clause| {
            let wrong = || {
                format!(
                    "`{}` is no condition: write PATH < NUMBER (or <=, ==, !=, >=, >), \
                     joined by `and`",
                    clause.join(" ")
                )
            };
            let (left, rest) = Expression::parse(clause).ok_or_else(wrong)?;
            let [comparison, right @ ..] = rest else { return Err(wrong()) };
            let comparison = Comparison::parse(comparison).ok_or_else(wrong)?;
            let right = match right {
                [number] if number.replace('_', "").parse::<f64>().is_ok() => {
                    Operand::Number(number.replace('_', "").parse().map_err(|_| wrong())?)
                }
                words => match Expression::parse(words) {
                    Some((expression, [])) => Operand::Expression(expression),
                    _ => return Err(wrong()),
                },
            };
            Ok((left, comparison, right))
        });
        clauses.collect::<Result<_, _>>().map(Condition)
    }

    /// Whether it is true of `report`.
    pub fn holds(&self, report: &Report) -> Result<bool, String> {
        for (left, comparison, right) in &self.0 {
            let holds = match (left.evaluate(report)?, right) {
                (Datum::Number { value, .. }, Operand::Number(number)) => {
                    comparison.compare(value.partial_cmp(number))
                }
                (Datum::Number { value, .. }, Operand::Expression(expression)) => {
                    match expression.evaluate(report)? {
                        Datum::Number { value: other, .. } => {
                            comparison.compare(value.partial_cmp(&other))
                        }
                        Datum::Text(_) => false,
                    }
                }
                (Datum::Text(text), Operand::Expression(word)) => {
                    comparison.compare(Some(text.as_str().cmp(&word.written())))
                }
                (Datum::Text(text), Operand::Number(number)) => {
                    comparison.compare(Some(text.cmp(&number.to_string())))
                }
            };
            if !holds {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

impl Comparison {
    fn parse(word: &str) -> Option<Comparison> {
        Some(match word {
            "<" => Comparison::Less,
            "<=" | "≤" => Comparison::AtMost,
            "==" | "=" => Comparison::Equal,
            "!=" | "≠" => Comparison::Unequal,
            ">=" | "≥" => Comparison::AtLeast,
            ">" => Comparison::More,
            _ => return None,
        })
    }

    fn compare(self, ordering: Option<std::cmp::Ordering>) -> bool {
        ordering.is_some_and(|ordering| match self {
            Comparison::Less => ordering.is_lt(),
            Comparison::AtMost => ordering.is_le(),
            Comparison::Equal => ordering.is_eq(),
            Comparison::Unequal => ordering.is_ne(),
            Comparison::AtLeast => ordering.is_ge(),
            Comparison::More => ordering.is_gt(),
        })
    }
}

/// The index of the one option that is true; an error if none is, or several.
pub(crate) fn answer(truths: &[bool]) -> Result<usize, String> {
    let right: Vec<_> = (0..truths.len()).filter(|&index| truths[index]).collect();
    match right[..] {
        [index] => Ok(index),
        [] => Err("no option is true of the record".to_owned()),
        _ => {
            let numbers: Vec<_> = right.iter().map(|index| (index + 1).to_string()).collect();
            Err(format!("options {} are all true of the record", numbers.join(" and ")))
        }
    }
}

/// The question with its options, and the answers folded away, as Markdown.
/// `part` gives the Markdown of some bytes of the page.
pub(crate) fn render(
    id: &str,
    prediction: &Prediction,
    answer: usize,
    mut part: impl FnMut(&Range<usize>) -> String,
) -> String {
    let mut markdown = format!(
        "<section class=\"predict\" id=\"predict-{id}\" aria-label=\"A prediction\">\n\n{}\n\n\
         <ol class=\"options\">\n",
        part(&prediction.question)
    );
    for choice in &prediction.options {
        markdown.push_str(&format!("<li>\n\n{}\n\n</li>\n", outdent(&part(&choice.text))));
    }
    markdown.push_str("</ol>\n<details>\n<summary>The answer</summary>\n<ol class=\"answers\">\n");
    for (index, choice) in prediction.options.iter().enumerate() {
        let (class, mark) = if index == answer {
            ("recorded", "✓ As recorded.")
        } else {
            ("other", "✗ Not so.")
        };
        markdown.push_str(&format!(
            "<li class=\"{class}\">\n\n<strong class=\"mark\">{mark}</strong> {}\n\n</li>\n",
            outdent(&part(&choice.explanation))
        ));
    }
    markdown.push_str("</ol>\n</details>\n</section>\n");
    markdown
}

/// Lines that continue an item of a list are indented by two.
fn outdent(text: &str) -> String {
    let lines: Vec<_> = text.lines().map(|line| line.strip_prefix("  ").unwrap_or(line)).collect();
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::report;

    #[test]
    fn conditions_are_decided_by_the_record() {
        for (condition, holds) in [
            ("final-value.load-store.median < 200_000", true),
            ("final-value.mutex.median = 200000 and trials.run >= 3", true),
            ("final-value.mutex.median = 200000 and trials.run > 3", false),
            ("wall-time.mutex.median / wall-time.load-store.median >= 4.5", false),
            ("wall-time.mutex.median > wall-time.load-store.median", true),
            ("claim.mutex-exact.verdict = holds", true),
            ("claim.mutex-exact.verdict != holds", false),
        ] {
            let parsed = Condition::parse(condition).unwrap();
            assert_eq!(parsed.holds(&report()), Ok(holds), "{condition}");
        }
        for wrong in ["", "a.b.c", "a.b.c ~ 3", "a.b.c < 3 4", "a.b.c < 3 and"] {
            assert!(Condition::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn exactly_one_option_is_right() {
        assert_eq!(answer(&[false, true]), Ok(1));
        assert_eq!(answer(&[false, false]).unwrap_err(), "no option is true of the record");
        assert!(answer(&[true, false, true]).unwrap_err().starts_with("options 1 and 3"));
    }

    #[test]
    fn what_a_prediction_lacks_is_named() {
        for (body, lack) in [
            ("Q\n- [when p.q.n < 1 in e] a :: b\n", "two options"),
            ("- [when p.q.n < 1 in e] a :: b\n- [when p.q.n > 1 in e] c :: d\n", "a question"),
            ("Q\n- [ ] a :: b\n- [when p.q.n > 1 in e] c :: d\n", "`[ ]` is not"),
            ("Q\n- [when p.q.n > 1] a :: b\n- [when p.q.n > 1 in e] c :: d\n", "is not"),
            ("Q\n- [when p.q.n > 1 in e] a\n- [when p.q.n > 1 in e] b :: d\n", "explanation"),
            ("Q\n- [when p.q.n in e] a :: b\n- [when p.q.n > 1 in e] c :: d\n", "no condition"),
        ] {
            let (_, message) = parse(body, 0..body.len()).unwrap_err();
            assert!(message.contains(lack), "{body}: {message}");
        }
    }
}
