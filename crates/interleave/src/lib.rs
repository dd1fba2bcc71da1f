//! Runs real code under every schedule and keeps what it finds as a graph.

mod channel;
mod circle;
mod count;
mod explorer;
mod fault;
mod graph;
pub mod hint;
mod json;
mod macros;
mod memory;
mod names;
mod operation;
mod picture;
mod runtime;
mod scenario;
mod schedule;
mod show;
pub mod sync;
pub mod thread;
pub mod tokio;
mod world;

pub use ::std::*;

pub use count::{Counts, allowed};
pub use fault::Error;
pub use graph::{
    Edge, Excerpt, File, Goal, Graph, Outcome, Position, Reached, Reading, Refusal, SCHEMA,
    Schedules, Sources,
};
pub use memory::Memory;
pub use names::Source;
pub use scenario::Scenario;
pub use schedule::{ParseError, Schedule, Turn, VERSION};

/// The JSON Schema of `schedules.json`.
pub const GRAPH_SCHEMA: &str = include_str!("../graph.schema.json");
