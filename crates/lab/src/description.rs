//! What `--describe` says of an experiment, and what it allows to be asked of it.

use std::fmt;

use serde::de::{self, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// Longest text that may be given for a parameter.
const LONGEST_TEXT: usize = 1000;

/// The part of `--describe` that the lab needs. Pages are given the whole.
#[derive(Clone, Debug, Deserialize)]
pub struct Description {
    pub experiment: String,
    parameters: Vec<Parameter>,
    trials: Range,
    twin: bool,
}

#[derive(Clone, Debug, Deserialize)]
struct Parameter {
    name: String,
    #[serde(flatten)]
    kind: Kind,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum Kind {
    Count(Range),
    Text {},
    File {},
}

#[derive(Clone, Copy, Debug, Deserialize)]
struct Range {
    least: u64,
    most: u64,
}

/// What a page asks to run.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// The experiment's name.
    pub experiment: String,
    /// Values for those of its parameters that are not to have their defaults.
    #[serde(default)]
    parameters: Parameters,
    #[serde(default, deserialize_with = "given")]
    trials: Option<Value>,
    #[serde(default)]
    quick: bool,
    #[serde(default)]
    twin: bool,
}

/// Each with its value; JSON itself would allow a name twice.
#[derive(Clone, Debug, Default, PartialEq)]
struct Parameters(Vec<(String, Value)>);

impl Request {
    /// The options of the experiment's command line, one argument each, if `description` allows
    /// them all. The error is one line.
    pub fn arguments(&self, description: &Description) -> Result<Vec<String>, String> {
        let mut arguments = Vec::new();
        for (name, value) in &self.parameters.0 {
            let known = description.parameters.iter().find(|parameter| parameter.name == *name);
            let Some(parameter) = known else {
                let names: Vec<_> =
                    description.parameters.iter().map(|p| p.name.as_str()).collect();
                return Err(match names[..] {
                    [] => format!("unknown parameter `{}`; there is none", brief(name)),
                    _ => format!(
                        "unknown parameter `{}`; allowed: {}",
                        brief(name),
                        names.join(", ")
                    ),
                });
            };
            let value = match parameter.kind {
                Kind::Count(range) => range.check(name, value)?.to_string(),
                Kind::Text {} => text(name, value)?.to_owned(),
                Kind::File {} => {
                    return Err(format!(
                        "`{name}` names a file, which a page cannot; use a terminal"
                    ));
                }
            };
            // In one argument a value is never taken for an option.
            arguments.push(format!("--{name}={value}"));
        }
        if let Some(trials) = &self.trials {
            arguments.push(format!("--trials={}", description.trials.check("trials", trials)?));
        }
        if self.quick {
            arguments.push("--quick".to_owned());
        }
        if self.twin && !description.twin {
            return Err(format!("`{}` has no Python twin", description.experiment));
        }
        if self.twin {
            arguments.push("--twin".to_owned());
        }
        Ok(arguments)
    }

    /// The command that does the same in a terminal.
    pub fn command(&self) -> String {
        let mut command = format!("cargo run --example {}", self.experiment);
        let mut options = Vec::new();
        for (name, value) in &self.parameters.0 {
            let value = value.as_str().map_or_else(|| value.to_string(), quoted);
            options.push(format!("--{name} {value}"));
        }
        options.extend(self.trials.as_ref().map(|trials| format!("--trials {trials}")));
        options.extend(self.quick.then(|| "--quick".to_owned()));
        options.extend(self.twin.then(|| "--twin".to_owned()));
        if !options.is_empty() {
            command += " -- ";
            command += &options.join(" ");
        }
        command
    }
}

impl Range {
    fn check(self, name: &str, value: &Value) -> Result<u64, String> {
        let Range { least, most } = self;
        let number = value.as_u64().filter(|number| (least..=most).contains(number));
        number.ok_or_else(|| {
            let value = brief(&value.to_string());
            format!("`{name}` is {value}; a whole number from {least} to {most} is allowed")
        })
    }
}

fn text<'a>(name: &str, value: &'a Value) -> Result<&'a str, String> {
    let Some(text) = value.as_str() else {
        return Err(format!("`{name}` is {}; a text is allowed", brief(&value.to_string())));
    };
    let fault = match text {
        "" => "empty; leave it out",
        _ if text.starts_with('-') => "what looks like an option",
        _ if text.len() > LONGEST_TEXT => "too long",
        _ if text.chars().any(char::is_control) => "a text with control characters",
        _ => return Ok(text),
    };
    Err(format!("`{name}` is {fault}"))
}

/// As one types it in a shell.
fn quoted(text: &str) -> String {
    let plain =
        |character: char| character.is_ascii_alphanumeric() || "-_./:,@%+=".contains(character);
    if text.chars().all(plain) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}

/// Enough of a text to be recognised in a message of one line.
pub fn brief(text: &str) -> String {
    let line: String =
        text.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).take(40).collect();
    if line.len() < text.len() { line + "…" } else { line }
}

/// A field that is there, were it null.
fn given<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

impl<'de> Deserialize<'de> for Parameters {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Parameters, D::Error> {
        struct Once;
        impl<'de> Visitor<'de> for Once {
            type Value = Parameters;

            fn expecting(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
                formatter.write_str("an object of parameters")
            }

            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Parameters, M::Error> {
                let mut parameters: Vec<(String, Value)> = Vec::new();
                while let Some((name, value)) = map.next_entry::<String, Value>()? {
                    if parameters.iter().any(|(other, _)| *other == name) {
                        let name = brief(&name);
                        return Err(de::Error::custom(format!(
                            "parameter `{name}` is given twice"
                        )));
                    }
                    parameters.push((name, value));
                }
                Ok(Parameters(parameters))
            }
        }
        deserializer.deserialize_map(Once)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn description() -> Description {
        serde_json::from_value(json!({
            "schema": 1, "experiment": "race", "question": "?",
            "parameters": [
                { "name": "threads", "help": "", "kind": "count",
                  "default": 2, "quick": 2, "least": 1, "most": 64, "unit": "" },
                { "name": "url", "help": "", "kind": "text", "placeholder": "URL" },
                { "name": "picture", "help": "", "kind": "file" },
            ],
            "trials": { "default": 50, "quick": 10, "least": 1, "most": 1000 },
            "twin": false,
        }))
        .unwrap()
    }

    fn request(text: &str) -> Request {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn a_request_becomes_arguments_and_the_command_for_a_terminal() {
        let all = request(
            r#"{"experiment":"race","parameters":{"threads":4,"url":"http://a b/"},
                "trials":9,"quick":true,"twin":false}"#,
        );
        let arguments = all.arguments(&description()).unwrap();
        assert_eq!(arguments, ["--threads=4", "--url=http://a b/", "--trials=9", "--quick"]);
        let command =
            "cargo run --example race -- --threads 4 --url 'http://a b/' --trials 9 --quick";
        assert_eq!(all.command(), command);
        let none = request(r#"{"experiment":"race"}"#);
        assert!(none.arguments(&description()).unwrap().is_empty());
        assert_eq!(none.command(), "cargo run --example race");
    }

    #[test]
    fn what_is_not_described_is_refused_in_one_line() {
        for (parameters, problem) in [
            (r#"{"thread":1}"#, "unknown parameter `thread`; allowed: threads, url, picture"),
            (
                r#"{"picture":"/tmp/a.png"}"#,
                "`picture` names a file, which a page cannot; use a terminal",
            ),
            (r#"{"threads":0}"#, "`threads` is 0; a whole number from 1 to 64 is allowed"),
            (r#"{"threads":-1}"#, "`threads` is -1; a whole number from 1 to 64 is allowed"),
            (r#"{"threads":65}"#, "`threads` is 65; a whole number from 1 to 64 is allowed"),
            (r#"{"threads":2.5}"#, "`threads` is 2.5; a whole number from 1 to 64 is allowed"),
            (r#"{"threads":2e0}"#, "`threads` is 2.0; a whole number from 1 to 64 is allowed"),
            (r#"{"threads":"2"}"#, "`threads` is \"2\"; a whole number from 1 to 64 is allowed"),
            (r#"{"threads":null}"#, "`threads` is null; a whole number from 1 to 64 is allowed"),
            (r#"{"threads":[2]}"#, "`threads` is [2]; a whole number from 1 to 64 is allowed"),
            (r#"{"url":"--help"}"#, "`url` is what looks like an option"),
            (r#"{"url":"a\u0000b"}"#, "`url` is a text with control characters"),
            (r#"{"url":""}"#, "`url` is empty; leave it out"),
            (r#"{"url":7}"#, "`url` is 7; a text is allowed"),
        ] {
            let request = request(&format!(r#"{{"experiment":"race","parameters":{parameters}}}"#));
            assert_eq!(request.arguments(&description()), Err(problem.to_owned()));
        }
        let huge =
            request(r#"{"experiment":"race","parameters":{"threads":99999999999999999999}}"#);
        assert!(huge.arguments(&description()).unwrap_err().starts_with("`threads` is 1e"));
        let trials = request(r#"{"experiment":"race","trials":null}"#);
        assert!(trials.arguments(&description()).unwrap_err().starts_with("`trials` is null; "));
        let twin = request(r#"{"experiment":"race","twin":true}"#);
        assert_eq!(twin.arguments(&description()), Err("`race` has no Python twin".to_owned()));
    }

    #[test]
    fn what_is_said_twice_is_no_request() {
        for (text, problem) in [
            (r#"{"experiment":"a","parameters":{"n":1,"n":2}}"#, "parameter `n` is given twice"),
            (r#"{"experiment":"a","experiment":"b"}"#, "duplicate field `experiment`"),
            (r#"{"experiment":"a","trials":1,"trials":2}"#, "duplicate field `trials`"),
        ] {
            let error = serde_json::from_str::<Request>(text).unwrap_err().to_string();
            assert!(error.starts_with(problem), "{error}");
        }
    }

    #[test]
    fn a_long_or_strange_text_is_told_of_briefly() {
        assert_eq!(brief("threads"), "threads");
        assert_eq!(brief("a\nb"), "a\u{fffd}b");
        assert_eq!(brief(&"x".repeat(100)), "x".repeat(40) + "…");
    }
}
