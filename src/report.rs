//! What an experiment found, as data: the one thing that passes from an
//! experiment to the book, to the lab and to the tests.
//!
//! `report.schema.json` beside this file describes the same object in JSON
//! Schema. Times are in seconds, sizes in bytes, the rest are plain counts.

use std::io;
use std::path::Path;

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};
use serde_json::ser::{Formatter, PrettyFormatter};

use crate::claim::{Kind, Verdict};
use crate::quantity::Unit;
use crate::statistics;

/// The version of the report's shape; a reader refuses any other.
pub const SCHEMA: u32 = 1;

/// One run of one experiment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Report {
    /// [`SCHEMA`] of the program that wrote it.
    pub schema: u32,
    /// The experiment's name, as in `cargo run --example NAME`.
    pub experiment: String,
    /// The question that it asks.
    pub question: String,
    /// The command that repeats this run.
    pub command: String,
    /// What was run.
    pub source: Source,
    /// Where it was run, and when.
    pub machine: Machine,
    /// The values of its parameters, in the order of `--help`.
    pub parameters: Vec<Setting>,
    /// How many trials it made.
    pub trials: Trials,
    /// What was measured, in the order of the tables.
    pub measurements: Vec<Measurement>,
    /// Which measurements are worth a picture.
    pub charts: Vec<Chart>,
    /// Each claim with its evidence.
    pub claims: Vec<Finding>,
    /// Who ran when.
    pub timeline: Option<Timeline>,
    /// The same experiment in Python, once for each interpreter.
    pub twins: Vec<Twin>,
}

/// The files that were compiled or interpreted, and their hash.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// File names within the experiment's folder, in the order they are hashed.
    pub files: Vec<String>,
    /// SHA-256 of the files' bytes one after another, in hexadecimal:
    /// what `cat FILES | sha256sum` prints.
    pub sha256: String,
}

impl Source {
    /// Hashes `files`, pairs of a name and a text.
    pub fn of<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> Source {
        let mut hash = hmac_sha256::Hash::new();
        let mut names = Vec::new();
        for (name, text) in files {
            hash.update(text.as_bytes());
            names.push(name.to_owned());
        }
        let sha256 = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        Source { files: names, sha256 }
    }

    /// Hashes the same files again as they are now in `folder`.
    pub fn again(&self, folder: &Path) -> Result<Source> {
        let texts = self
            .files
            .iter()
            .map(|name| {
                let path = folder.join(name);
                std::fs::read_to_string(&path)
                    .with_context(|| format!("cannot read `{}`", path.display()))
            })
            .collect::<Result<Vec<_>>>()?;
        Ok(Source::of(self.files.iter().map(String::as_str).zip(texts.iter().map(String::as_str))))
    }
}

/// The machine that ran the experiment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Machine {
    /// The processor's name for itself.
    pub cpu: String,
    /// Cores that this process may use.
    pub cores: usize,
    /// Main memory, where the system tells.
    pub memory_bytes: Option<u64>,
    /// Operating system and its release.
    pub os: String,
    /// Version of the compiler that built the experiment.
    pub rustc: String,
    /// Build profile and its optimisation level.
    pub profile: String,
    /// When the run ended, in RFC 3339, UTC.
    pub recorded: String,
}

/// A parameter's value in this run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Setting {
    /// The option without its dashes.
    pub name: String,
    /// A number, a text, or null where an optional text was not given.
    pub value: serde_json::Value,
    /// What a number counts, empty if the name says it.
    pub unit: String,
}

impl Setting {
    /// `threads 2`, `wait 1000 ms`; nothing for an optional text that was not given.
    pub fn describe(&self) -> Option<String> {
        let value = match &self.value {
            serde_json::Value::Null => return None,
            serde_json::Value::String(text) => text.clone(),
            value => value.as_f64().map_or(value.to_string(), |n| Unit::Count.format(n)),
        };
        Some(format!("{} {value} {}", self.name, self.unit).trim_end().to_owned())
    }
}

/// How often the experiment was repeated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Trials {
    /// Trials that were run and recorded.
    pub run: usize,
    /// Trials among them during which other programs used too much of the
    /// processor; robust claims leave them out.
    pub set_aside: usize,
}

/// One quantity of one variant, a sample for each trial.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Measurement {
    /// The quantity's name.
    pub name: String,
    /// The variant that was measured.
    pub variant: String,
    /// Where on the axis of a [`Chart::Lines`] or [`Chart::Map`], if the quantity
    /// was swept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<f64>,
    /// The unit of the samples.
    pub unit: Unit,
    /// In the order of the trials; never empty.
    pub samples: Vec<f64>,
    /// Median of the samples.
    pub median: f64,
    /// Smallest sample.
    pub min: f64,
    /// Largest sample.
    pub max: f64,
}

impl Measurement {
    /// Summarises `samples`, of which there must be one at least.
    pub fn new(name: &str, variant: &str, unit: Unit, samples: Vec<f64>) -> Measurement {
        let (min, max) = statistics::range(&samples);
        Measurement {
            name: name.to_owned(),
            variant: variant.to_owned(),
            at: None,
            unit,
            median: statistics::median(&samples),
            min,
            max,
            samples,
        }
    }

    /// How many times the median of `fastest` this one is; nothing if their
    /// ranges overlap, so that neither can be called the faster.
    pub fn behind(&self, fastest: &Measurement) -> Option<f64> {
        (self.min > fastest.max).then(|| self.median / fastest.median)
    }

    /// The same, measured at a point of a swept axis.
    pub fn at(self, at: Option<f64>) -> Measurement {
        Measurement { at, ..self }
    }
}

/// A picture of measurements.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, tag = "kind", rename_all = "snake_case")]
pub enum Chart {
    /// How one variant's samples are distributed.
    Histogram {
        /// The quantity.
        measurement: String,
        /// The variant.
        variant: String,
    },
    /// One bar for each variant, as long as its median, with its range.
    Bars {
        /// The quantity.
        measurement: String,
    },
    /// One line for each variant, through its medians wherever it was measured.
    Lines {
        /// The quantity, which was swept.
        measurement: String,
        /// What was varied.
        across: String,
        /// The unit of what was varied.
        unit: Unit,
        /// Of the axis across and of the axis up.
        scales: (Scale, Scale),
    },
    /// Who was fastest at each point, and how far the others were behind: a row
    /// for each point, a column for each variant.
    Map {
        /// The quantity, which was swept, and of which less is better.
        measurement: String,
        /// What was varied.
        across: String,
        /// The unit of what was varied.
        unit: Unit,
    },
}

impl Chart {
    /// The quantity that it shows at points of an axis, if it is of that sort.
    pub fn swept(&self) -> Option<&str> {
        match self {
            Chart::Lines { measurement, .. } | Chart::Map { measurement, .. } => Some(measurement),
            Chart::Histogram { .. } | Chart::Bars { .. } => None,
        }
    }

    /// Whether it shows points of an axis, and some of `measurements` are on it.
    pub fn draws(&self, measurements: &[Measurement]) -> bool {
        self.swept()
            .is_some_and(|swept| measurements.iter().any(|m| m.at.is_some() && m.name == swept))
    }
}

/// How values lie on an axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scale {
    /// Equal differences are equally long.
    Linear,
    /// Equal ratios are equally long.
    Logarithmic,
}

/// A claim and what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Finding {
    /// Unique within the experiment.
    pub id: String,
    /// How the claim is checked.
    pub kind: Kind,
    /// The claim, one sentence.
    pub text: String,
    /// What was seen.
    pub evidence: String,
    /// What follows; null for an observed claim, which asserts nothing.
    pub verdict: Option<Verdict>,
}

/// Lanes of spans on one time axis.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Timeline {
    /// The unit of the axis: always `s`, from the start of the timeline.
    pub unit: String,
    /// One for each worker.
    pub lanes: Vec<Lane>,
}

/// What one worker did.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lane {
    /// The variant that the worker belongs to.
    pub variant: String,
    /// The worker's name, as in the text.
    pub name: String,
    /// Start, end and state, in order, without overlap.
    pub spans: Vec<(f64, f64, State)>,
}

/// What a worker was doing in a span. A gap between spans means switched out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// On a processor.
    Running,
    /// Waiting for time to pass or for an answer.
    Waiting,
    /// Waiting for a lock.
    Blocked,
}

/// The same experiment in Python.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Twin {
    /// Version of the interpreter, such as `3.13.0`, with `t` where it is free-threaded.
    pub python: String,
    /// What was run.
    pub source: Source,
    /// What it measured.
    pub measurements: Vec<Measurement>,
}

impl Report {
    /// Reads a report and checks what types cannot say: schema, summaries,
    /// times in order. The error is one line without the path.
    pub fn parse(json: &str) -> Result<Report> {
        #[derive(Deserialize)]
        struct Version {
            schema: Option<serde_json::Value>,
        }
        let version: Version = serde_json::from_str(json).context("not a JSON object")?;
        match version.schema {
            None => bail!("not a report: it has no `schema`"),
            Some(found) if found != SCHEMA => {
                bail!("schema {found}, where {SCHEMA} is understood")
            }
            Some(_) => {}
        }
        let report: Report = serde_json::from_str(json).context("not a report")?;
        report.check()?;
        Ok(report)
    }

    /// Reads the record of `experiment` in its `folder`.
    pub fn recorded(folder: &Path, experiment: &str) -> Result<Report> {
        let path = folder.join("recorded.json");
        let read = || {
            let report = Report::parse(&std::fs::read_to_string(&path)?)?;
            if report.experiment != experiment {
                bail!("it is a record of `{}`", report.experiment);
            }
            Ok(report)
        };
        read().with_context(|| {
            format!("cannot use `{}`, run scripts/record {experiment}", path.display())
        })
    }

    /// The report as JSON for people and for `diff`: a line for each field and
    /// for each list of numbers.
    pub fn to_json(&self) -> String {
        let mut bytes = Vec::new();
        let mut serializer = serde_json::Serializer::with_formatter(&mut bytes, Lines::default());
        self.serialize(&mut serializer).expect("a report has string keys and writes to memory");
        bytes.push(b'\n');
        String::from_utf8(bytes).expect("JSON is UTF-8")
    }

    /// The measurement of `quantity` on `variant`, by name; not of what was swept.
    pub fn measurement(&self, quantity: &str, variant: &str) -> Option<&Measurement> {
        let mut fixed = self.measurements.iter().filter(|m| m.at.is_none());
        fixed.find(|m| m.name == quantity && m.variant == variant)
    }

    fn check(&self) -> Result<()> {
        let twins = self.twins.iter().flat_map(|twin| &twin.measurements);
        for measured in self.measurements.iter().chain(twins) {
            let name = format!("measurement `{}` of `{}`", measured.name, measured.variant);
            if measured.at.is_some_and(|at| !at.is_finite()) {
                bail!("{name} is at no number");
            }
            if measured.samples.is_empty() {
                bail!("{name} has no samples");
            }
            if measured.samples.iter().any(|sample| !sample.is_finite()) {
                bail!("{name} has a sample that is no number");
            }
            let summed = Measurement::new("", "", measured.unit, measured.samples.clone());
            if (summed.median, summed.min, summed.max)
                != (measured.median, measured.min, measured.max)
            {
                bail!("{name} has a median or range that its samples do not have");
            }
        }
        for lane in self.timeline.iter().flat_map(|timeline| &timeline.lanes) {
            let edges = lane.spans.iter().flat_map(|&(start, end, _)| [start, end]);
            if !edges.clone().all(f64::is_finite) || !edges.is_sorted() {
                bail!("lane `{}` of `{}` has spans out of order", lane.name, lane.variant);
            }
        }
        Ok(())
    }
}

/// Objects as serde_json's pretty printer sets them, lists on one line.
#[derive(Default)]
struct Lines {
    objects: PrettyFormatter<'static>,
}

impl Formatter for Lines {
    fn begin_array<W: ?Sized + io::Write>(&mut self, out: &mut W) -> io::Result<()> {
        out.write_all(b"[")
    }

    fn end_array<W: ?Sized + io::Write>(&mut self, out: &mut W) -> io::Result<()> {
        out.write_all(b"]")
    }

    fn begin_array_value<W: ?Sized + io::Write>(
        &mut self,
        out: &mut W,
        first: bool,
    ) -> io::Result<()> {
        if first { Ok(()) } else { out.write_all(b", ") }
    }

    fn begin_object<W: ?Sized + io::Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.objects.begin_object(out)
    }

    fn end_object<W: ?Sized + io::Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.objects.end_object(out)
    }

    fn begin_object_key<W: ?Sized + io::Write>(
        &mut self,
        out: &mut W,
        first: bool,
    ) -> io::Result<()> {
        self.objects.begin_object_key(out, first)
    }

    fn begin_object_value<W: ?Sized + io::Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.objects.begin_object_value(out)
    }

    fn end_object_value<W: ?Sized + io::Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.objects.end_object_value(out)
    }
}
