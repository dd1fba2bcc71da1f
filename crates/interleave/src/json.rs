//! Graphs as JSON: one line for each scenario's table, so that a diff shows
//! what changed, and the same bytes on every machine.

use ::std::fmt::Write;

use serde::Serialize;

use crate::fault::Error;
use crate::graph::{File, Graph, SCHEMA, Schedules, Sources};
use crate::names::Source;

impl Sources {
    /// Reads and hashes the files.
    pub fn of(sources: &[Source]) -> Sources {
        let mut hash = hmac_sha256::Hash::new();
        for source in sources {
            for part in [source.name, source.text] {
                hash.update(part);
                hash.update([0]);
            }
        }
        let mut text = String::from("sha256:");
        for byte in hash.finalize() {
            write!(text, "{byte:02x}").expect("writing to a string");
        }
        let file = |source: &Source| File {
            name: source.name.into(),
            lines: source.text.lines().map(str::to_string).collect(),
        };
        Sources { hash: text, files: sources.iter().map(file).collect() }
    }
}

fn compact(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("plain data")
}

/// `{…}` with one member on each line, indented by `depth`.
fn members(value: &impl Serialize, depth: usize) -> String {
    let serde_json::Value::Object(map) = serde_json::to_value(value).expect("plain data") else {
        unreachable!("a struct is an object")
    };
    let indent = " ".repeat(depth);
    let lines: Vec<String> = map
        .iter()
        .map(|(name, value)| format!("{indent} {}:{}", compact(name), compact(value)))
        .collect();
    format!("{{\n{}\n{indent}}}", lines.join(",\n"))
}

impl Graph {
    /// The graph as JSON.
    pub fn to_json(&self) -> String {
        members(self, 2)
    }

    /// Checks that the graph takes at most so many bytes as JSON.
    ///
    /// # Errors
    /// If it takes more, with the part that takes the most.
    pub fn within(self, limit: usize) -> Result<Graph, Error> {
        let json = self.to_json();
        if json.len() <= limit {
            return Ok(self);
        }
        let longest = json.lines().max_by_key(|line| line.len()).unwrap_or_default();
        let part = longest.trim().split('"').nth(1).unwrap_or_default().into();
        Err(Error::TooLarge { bytes: json.len(), limit, part })
    }
}

impl Schedules {
    /// Puts graphs together, with the text of every file that was explored.
    pub fn of(experiment: &str, sources: &[Source], scenarios: Vec<Graph>) -> Schedules {
        let source = Sources::of(sources);
        Schedules { schema: SCHEMA, experiment: experiment.into(), source, scenarios }
    }

    /// All graphs as JSON, ending in a newline.
    pub fn to_json(&self) -> String {
        let graphs: Vec<String> = self.scenarios.iter().map(Graph::to_json).collect();
        format!(
            "{{\n \"schema\":{},\n \"experiment\":{},\n \"source\":{},\n \"scenarios\":[\n  {}\n ]\n}}\n",
            self.schema,
            compact(&self.experiment),
            compact(&self.source),
            graphs.join(",\n  "),
        )
    }

    /// Reads what [`to_json`](Self::to_json) wrote, and checks it.
    ///
    /// # Errors
    /// A sentence that says what is wrong: not JSON, another version, or a
    /// graph that points nowhere.
    pub fn from_json(text: &str) -> Result<Schedules, String> {
        #[derive(serde::Deserialize)]
        struct Version {
            schema: u32,
        }
        let version: Version = serde_json::from_str(text).map_err(|cause| cause.to_string())?;
        if version.schema != SCHEMA {
            return Err(format!("schema {}, where this program reads {SCHEMA}", version.schema));
        }
        let schedules: Schedules = serde_json::from_str(text).map_err(|cause| cause.to_string())?;
        for graph in &schedules.scenarios {
            graph.check().map_err(|cause| format!("scenario `{}`: {cause}", graph.name))?;
        }
        Ok(schedules)
    }
}
