//! The notebook that the experiments of *Taking Turns* are written in.
//!
//! An experiment asks one question. It declares what can be changed about it,
//! the variants that it compares and what it claims; then it runs trials,
//! notes measurements and decides its claims from them. The notebook does the
//! rest: the command line, the repetitions, the statistics, the tables and
//! pictures, and the [`report`] that the book is made from.
//!
//! ```
//! use taking_turns::{Bound, Claim, Experiment, Quantity, Run, sources};
//!
//! const WALL: Quantity = Quantity::seconds("wall time");
//! const DIVIDE: &str = "division";
//! const SHIFT: &str = "shift";
//! const SAME: Claim = Claim::exact("same", "Both ways give the same sum.");
//!
//! const HALVES: Experiment = Experiment {
//!     name: "halves",
//!     question: "Do a division and a shift give the same halves?",
//!     chapter: "appendix/halves",
//!     parameters: &[],
//!     variants: &[DIVIDE, SHIFT],
//!     claims: &[&SAME],
//!     trials: 3,
//!     quick_trials: 1,
//!     warm_up: true,
//!     sources: &[],
//!     twin: None,
//! };
//!
//! fn run(run: &mut Run) -> anyhow::Result<()> {
//!     let mut sums = (0, 0);
//!     run.trials(|trial| {
//!         let (divided, spent) = trial.time(DIVIDE, || (0..1000u64).map(|n| n / 2).sum());
//!         trial.record(WALL, DIVIDE, spent.wall);
//!         let (shifted, spent) = trial.time(SHIFT, || (0..1000u64).map(|n| n >> 1).sum());
//!         trial.record(WALL, SHIFT, spent.wall);
//!         sums = (divided, shifted);
//!         Ok(())
//!     })?;
//!     run.exact(&SAME, sums.0 == sums.1, format!("{} and {}", sums.0, sums.1));
//!     Ok(())
//! }
//!
//! fn main() -> std::process::ExitCode {
//!     HALVES.main(run)
//! }
//! ```
//!
//! The nouns, from the outside in: an [`Experiment`] has [`Parameter`]s and
//! [`Claim`]s; a [`Run`] of it has [`Trial`]s; a trial records
//! [`Quantity`]s, each with a [`Unit`](quantity::Unit), and a
//! [`Stopwatch`] tells what a piece of work [spent](Spent).
//!
//! What is not here: threads, locks, processes, tasks. The primitive that an
//! experiment is about is never wrapped; its file calls it by its own name.
//! The notebook knows no example, no book and no server.

pub mod claim;
mod cores;
mod experiment;
pub mod explored;
pub mod live;
pub mod loopback;
mod machine;
mod options;
mod parameter;
pub mod quantity;
pub mod report;
mod run;
pub mod statistics;
mod stopwatch;
mod text;
mod trace;
mod twin;

pub use claim::{Bound, Claim};
pub use experiment::{Experiment, Misuse};
pub use parameter::{Parameter, ParameterKind};
pub use quantity::Quantity;
pub use report::{Lane, State};
pub use run::{Run, Trial};
pub use stopwatch::{Spent, Stopwatch, Usage};
