//! Every experiment's scenarios, compiled against the explorer's own `std`.
//!
//! Nothing here is written for the explorer: each idea file is the very one
//! that its example compiles against the real `std`.

#[macro_use]
extern crate interleave as std;

use interleave::{Scenario, Schedules, Source};

#[path = "../../../examples/await_race/scenarios.rs"]
mod await_race;
#[path = "../../../examples/cancellation/scenarios.rs"]
mod cancellation;
#[path = "../../../examples/channels/scenarios.rs"]
mod channels;
#[path = "../../../examples/cooperative_counter/scenarios.rs"]
mod cooperative_counter;
#[path = "../../../examples/coordination/scenarios.rs"]
mod coordination;
#[path = "../../../examples/deadlock/scenarios.rs"]
mod deadlock;
#[path = "../../../examples/event_loop/scenarios.rs"]
mod event_loop;
#[path = "../../../examples/finding_races/scenarios.rs"]
mod finding_races;
#[path = "../../../examples/gil/scenarios.rs"]
mod gil;
#[path = "../../../examples/livelock/scenarios.rs"]
mod livelock;
#[path = "../../../examples/locks/scenarios.rs"]
mod locks;
#[path = "../../../examples/memory_ordering/scenarios.rs"]
mod memory_ordering;
#[path = "../../../examples/race_condition/scenarios.rs"]
mod race_condition;
#[path = "../../../examples/starvation/scenarios.rs"]
mod starvation;
#[path = "../../../examples/without_a_gil/scenarios.rs"]
mod without_a_gil;

/// The scenarios of one experiment, and the files that they explore.
#[derive(Clone, Copy, Debug)]
pub struct Experiment {
    /// Its name, which is its folder's under `examples/`.
    pub name: &'static str,
    /// The idea file first, then the file that declares the scenarios.
    pub sources: &'static [Source],
    /// What to explore.
    pub scenarios: &'static [Scenario],
}

macro_rules! experiments {
    ($($name:ident),* $(,)?) => {
        /// All experiments that have scenarios.
        pub const EXPERIMENTS: &[Experiment] = &[$(Experiment {
            name: stringify!($name),
            sources: $name::SOURCES,
            scenarios: $name::SCENARIOS,
        }),*];
    };
}

experiments![
    await_race,
    cancellation,
    channels,
    cooperative_counter,
    coordination,
    deadlock,
    event_loop,
    finding_races,
    gil,
    livelock,
    locks,
    memory_ordering,
    race_condition,
    starvation,
    without_a_gil
];

pub use deadlock::FIVE_PHILOSOPHERS;

/// The most bytes that a scenario's graph may take in a page.
pub const BYTES: usize = 80_000;

impl Experiment {
    /// Explores every scenario.
    ///
    /// # Errors
    /// The first scenario that fails, by name, and why.
    pub fn explore(&self) -> Result<Schedules, String> {
        let graphs = self.scenarios.iter().map(|scenario| {
            let graph = scenario.explore(self.sources).and_then(|graph| graph.within(BYTES));
            graph.map_err(|cause| format!("{}: {cause}", scenario.name))
        });
        Ok(Schedules::of(self.name, self.sources, graphs.collect::<Result<_, _>>()?))
    }
}
