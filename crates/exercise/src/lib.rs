//! Grades the answers to the book's exercises.
//!
//! An exercise is a folder of `exercises/`:
//!
//! | file | what it is |
//! | --- | --- |
//! | `task.md` | a title and what is asked; the chapter and the terminal show it |
//! | `starter.rs` | where a reader begins: it compiles, and fails its check |
//! | `check.rs` | [`CHECK`](Check): under which conditions an answer is right, and hints |
//! | `solution.rs` | one right answer |
//! | `wrong/*.rs` | wrong ones, each with the refusal that it must meet |
//! | `answer.rs` | the reader's; not in the repository |
//!
//! An answer about threads or tasks is compiled against the explorer's own
//! `std`, in the package `answers`, and run under every schedule. What it is
//! refused for is then a schedule, which can be followed step by step. An
//! answer that is to be quick, or to deal with processes, files and clocks, is
//! compiled against the real one, in `real-answers`, and measured or run once.
//!
//! `generate.rs`, the build script of both packages, finds the folders: nothing
//! else has to name an exercise.

mod check;
mod course;
mod examine;
mod grade;
mod once;
mod page;
mod race;
mod tell;
mod words;

pub use check::{Attempt, Case, Check, Hint, Once, Race};
pub use course::{Course, Exercise};
pub use examine::examine;
pub use grade::{Refusal, Verdict, grade};
pub use page::page;
pub use tell::tell;
pub use words::wrapped;

pub use interleave::{Memory, Reading, Scenario, Source};

use std::path::{Path, PathBuf};

/// The root of the repository.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).expect("crates/exercise")
}

/// The folder for what is kept of answers, and for their pages.
pub fn kept() -> PathBuf {
    root().join("target/exercises")
}
